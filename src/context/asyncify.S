# Stack switching by Binaryen's Asyncify intrinsics, which the pass turns into direct calls: no JavaScript on the way.
#
# In assembly because (a) these functions must have no C stack frame of their own, since they move the stack pointer,
# and (b) nothing may inline them: a function that calls the intrinsics is left alone by the pass ("runtime"), and
# user code merged into it would lose its instrumentation. Offsets are those of wio__context.

#include "intrinsics.inc"

.text

# void wio__set_stack(uintptr_t stack_pointer, uintptr_t limit)
# Empty here: emsdk-config/stack-check.js gives it its body, which sets both. wasm-opt --stack-check makes every function
# that moves the C stack pointer compare it with the limit first, but keeps that limit where only JavaScript could set it.
.globl wio__set_stack
.type wio__set_stack,@function
.export_name wio__set_stack, wio__set_stack
wio__set_stack:
  .functype wio__set_stack (i32, i32) -> ()
  end_function

# void wio__context_limit(const wio__context *context)
.globl wio__context_limit
.type wio__context_limit,@function
wio__context_limit:
  .functype wio__context_limit (i32) -> ()
  global.get __stack_pointer
  local.get 0
  if i32
    local.get 0
    i32.load 28
    i32.const 8
    i32.add
  else
    i32.const 0
  end_if
  call wio__set_stack
  end_function

.macro MOVE_TO_STACK_OF context
  local.get \context
  i32.load 0
  local.get \context
  i32.load 28
  i32.const 8
  i32.add
  call wio__set_stack
.endm

# What follows a context's return to its scheduler: it has suspended (false), or its function has returned (true).
.macro CALL_AND_LOOK context, outer, result
  local.get \context
  i32.load 20
  local.get \context
  i32.load 16
  call_indirect (i32) -> (i32)
  local.set \result
  local.get \outer
  i32.const 0
  call wio__set_stack
  local.get \context
  i32.load 12
  if
    call stop_unwind
    i32.const 0
    return
  end_if
  local.get \context
  local.get \result
  i32.store 24
  i32.const 1
.endm

# bool wio__context_start(wio__context *context), bool wio__context_resume(wio__context *context)
.globl wio__context_start
.type wio__context_start,@function
wio__context_start:
  .functype wio__context_start (i32) -> (i32)
  .local i32, i32
  global.get __stack_pointer
  local.set 1
  MOVE_TO_STACK_OF 0
  CALL_AND_LOOK 0, 1, 2
  end_function

.globl wio__context_resume
.type wio__context_resume,@function
wio__context_resume:
  .functype wio__context_resume (i32) -> (i32)
  .local i32, i32
  global.get __stack_pointer
  local.set 1
  MOVE_TO_STACK_OF 0
  local.get 0
  i32.const 4
  i32.add
  call start_rewind
  CALL_AND_LOOK 0, 1, 2
  end_function

# void wio__context_suspend(wio__context *context)
# Called twice: to suspend, and again when the frames above it have been rewound. The stack pointer must be saved: a
# rewound function skips its prologue, so without it a resumed task would overwrite its own live frames.
.globl wio__context_suspend
.type wio__context_suspend,@function
wio__context_suspend:
  .functype wio__context_suspend (i32) -> ()
  local.get 0
  i32.load 12
  if
    local.get 0
    i32.const 0
    i32.store 12
    call stop_rewind
    return
  end_if
  local.get 0
  i32.const 1
  i32.store 12
  local.get 0
  global.get __stack_pointer
  i32.store 0
  local.get 0
  i32.const 4
  i32.add
  call start_unwind
  end_function

# bool wio__context_leaf(bool (*fn)(void *), void *arg)
# The branch is never taken (a function pointer is not 0); the call in it makes the pass leave this function alone.
.globl wio__context_leaf
.type wio__context_leaf,@function
wio__context_leaf:
  .functype wio__context_leaf (i32, i32) -> (i32)
  local.get 0
  i32.eqz
  if
    call stop_unwind
  end_if
  local.get 1
  local.get 0
  call_indirect (i32) -> (i32)
  end_function
