# Stack switching by Binaryen's Asyncify intrinsics, which the pass turns into direct calls: no JavaScript on the way.
#
# In assembly because (a) these functions must have no C stack frame of their own, since they move the stack pointer,
# and (b) nothing may inline them: a function that calls the intrinsics is left alone by the pass ("runtime"), and
# user code merged into it would lose its instrumentation. Offsets are those of wio__context.

#include "intrinsics.inc"

#define WIO__CANARY 0x41737963

.text

# The state of a switch is in WebAssembly globals that only Binaryen's passes know. The functions of this section are
# how the runtime reaches them: emsdk-config/stack-check.js and switch.js give them other bodies, which are inlined.

.macro EXPORTED name
.globl \name
.type \name,@function
.export_name \name, \name
.endm

# void wio__set_stack(uintptr_t stack_pointer, uintptr_t limit), uintptr_t wio__stack_limit(void)
# Every function that moves the C stack pointer compares it with the limit first.
EXPORTED wio__set_stack
wio__set_stack:
  .functype wio__set_stack (i32, i32) -> ()
  end_function

EXPORTED wio__stack_limit
wio__stack_limit:
  .functype wio__stack_limit () -> (i32)
  i32.const 0
  i32.load wio__saved + 8
  end_function

# bool wio__stack_grows(void): 1 if functions take a new segment of C stack where one ends, and frames are saved with a
# check for room (segments.c); else a context's memory is one region of fixed size. (Not a constant, which wasm-opt would have
# other functions share.)
EXPORTED wio__stack_grows
wio__stack_grows:
  .functype wio__stack_grows () -> (i32)
  i32.const 0
  i32.load wio__saved + 16
  end_function

# int wio__switching(void): 1 while frames are being saved, 2 while they are being restored, else 0
EXPORTED wio__switching
wio__switching:
  .functype wio__switching () -> (i32)
  i32.const 0
  i32.load wio__saved + 8
  end_function

# void wio__rare(void): emsdk-config/hints.js takes its calls out. (It does something, so that nobody else does.)
EXPORTED wio__rare
wio__rare:
  .functype wio__rare () -> ()
  i32.const 0
  i32.const 1
  i32.store wio__saved + 8
  end_function

# uintptr_t wio__saved_end(void), void wio__set_saved_end(uintptr_t): up to where frames have been saved. Restoring them
# brings it back to where they begin, so it need not be set when the next saving starts.
EXPORTED wio__saved_end
wio__saved_end:
  .functype wio__saved_end () -> (i32)
  i32.const 0
  i32.load wio__saved
  end_function

EXPORTED wio__set_saved_end
wio__set_saved_end:
  .functype wio__set_saved_end (i32) -> ()
  i32.const 0
  local.get 0
  i32.store wio__saved
  end_function

# uintptr_t wio__saved_limit(void), void wio__set_saved_limit(uintptr_t): where the room for them ends
EXPORTED wio__saved_limit
wio__saved_limit:
  .functype wio__saved_limit () -> (i32)
  i32.const 0
  i32.load wio__saved + 12
  end_function

EXPORTED wio__set_saved_limit
wio__set_saved_limit:
  .functype wio__set_saved_limit (i32) -> ()
  i32.const 0
  local.get 0
  i32.store wio__saved + 12
  end_function

# On the context's stack from here on; its frames are in its save area.
.macro MOVE_TO_STACK_OF context
  local.get \context
  i32.load 0
  local.get \context
  i32.load 4
  call wio__set_stack
  local.get \context
  i32.load 8
  call wio__set_saved_end
  local.get \context
  i32.load 12
  call wio__set_saved_limit
.endm

.macro START_REWIND
  i32.const wio__saved
  call start_rewind
.endm

# Calls the context's function. When that has suspended, looks whether the stack is whole; returns true if not, or when it
# has returned, which is noted as fn = NULL. The stack pointer must be saved: a rewound function skips its
# prologue, so without it a resumed task would overwrite its own live frames. It is still that of the suspended function,
# since returning early skips epilogues.
.macro CALL_AND_LOOK context, result
  local.get \context
  i32.load 20
  local.get \context
  i32.load 16
  call_indirect (i32) -> (i32)
  local.set \result
  call wio__switching
  if
    local.get \context
    global.get __stack_pointer
    i32.store 0
    local.get \context
    call wio__saved_end
    i32.store 8
    call wio__stack_grows
    i32.eqz
    if
      call wio__saved_end
      global.get __stack_pointer
      i32.gt_u
      if
        i32.const 1
        return
      end_if
    end_if
    local.get \context
    i32.load 4
    i32.const 4
    i32.sub
    i32.load 0
    i32.const WIO__CANARY
    i32.ne
    if
      call wio__rare
      i32.const 1
      return
    end_if
    i32.const 0
    return
  end_if
  call wio__rare
  local.get \context
  local.get \result
  i32.store 20
  local.get \context
  i32.const 0
  i32.store 16
  i32.const 1
.endm

# bool wio__context_enter(wio__context *context, bool again)
.globl wio__context_enter
.type wio__context_enter,@function
wio__context_enter:
  .functype wio__context_enter (i32, i32) -> (i32)
  MOVE_TO_STACK_OF 0
  local.get 1
  if
    START_REWIND
  end_if
  CALL_AND_LOOK 0, 1
  end_function

# bool wio__context_resume(wio__context *context)
.globl wio__context_resume
.type wio__context_resume,@function
wio__context_resume:
  .functype wio__context_resume (i32) -> (i32)
  .local i32
  MOVE_TO_STACK_OF 0
  START_REWIND
  CALL_AND_LOOK 0, 1
  end_function

# uintptr_t wio__context_outer(void), void wio__context_leave(uintptr_t outer, uintptr_t limit)
.globl wio__context_outer
.type wio__context_outer,@function
wio__context_outer:
  .functype wio__context_outer () -> (i32)
  global.get __stack_pointer
  end_function

.globl wio__context_leave
.type wio__context_leave,@function
wio__context_leave:
  .functype wio__context_leave (i32, i32) -> ()
  call stop_unwind
  local.get 0
  local.get 1
  call wio__set_stack
  end_function

# void wio__context_suspend(wio__context *context)
# Called twice: to suspend, and again when the frames above it have been rewound.
.globl wio__context_suspend
.type wio__context_suspend,@function
wio__context_suspend:
  .functype wio__context_suspend (i32) -> ()
  call wio__switching
  if
    call stop_rewind
    return
  end_if
  START_UNWIND
  end_function

# bool wio__context_leaf(bool (*fn)(void *), void *arg)
# The branch is never taken (a function pointer is not 0); the call in it makes the pass leave this function alone, and
# switch.js drops both afterwards.
EXPORTED wio__context_leaf
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

# What Asyncify is told to use: the end of the saved frames, and their limit, which is none (the checks are ours). Where
# switch.js knows this wasm-opt's code, the end is in a global instead. The other words are for functions without a body.
.section .data.wio__saved,"",@
.globl wio__saved
.type wio__saved,@object
.p2align 2
wio__saved:
  .int32 0
  .int32 0xffffffff
  .int32 0
  .int32 0
  .int32 0
.size wio__saved, 20
