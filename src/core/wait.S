// wio_yield(), wio_sleep() and wio__park(): what core/sleep.c and core/park.c say for native builds, with the suspension
// put between their parts. As functions of the runtime they have no instrumented frame of their own, which halves the
// cost of a switch; and every instruction of a yield counts, so its common path is here whole. core/sleep.c asserts the
// offsets.

#include "../context/intrinsics.inc"

.functype wio__switching () -> (i32)
.functype wio__rare () -> ()
.functype wio__yield_unusual (i32) -> (i32)
.functype wio__context_leaf (i32, i32) -> (i32)
.functype wio__before_sleep (f64) -> (i32)
.functype wio__slept () -> (i32)
.functype wio__parked (i32, i32, i32) -> ()
.functype wio__landed (i32) -> (i32)

// Of wio__loop and wio__task.
#define TAIL 4
#define CURRENT 12
#define NEXT 0
#define ATTENTION 49

.text

// Through a pointer: wasm-opt makes a direct call of it, but only when it has done its inlining, so that a yield stays small.
.macro CALL_UNUSUAL
  call wio__rare
  i32.const wio__yield_unusual
  i32.const 0
  call wio__context_leaf
.endm

// int wio_yield(void)
.globl wio_yield
.type wio_yield,@function
wio_yield:
  .functype wio_yield () -> (i32)
  .local i32
  i32.const 0
  i32.load wio__the + CURRENT
  local.set 0
  block
    call wio__switching
    if
      call stop_rewind
      local.get 0
      i32.load8_u ATTENTION
      br_if 1
      i32.const 0
      return
    end_if
    local.get 0
    i32.eqz
    br_if 0
    i32.const 0
    i32.load wio__the + TAIL
    local.get 0
    i32.store NEXT
    i32.const 0
    local.get 0
    i32.store wio__the + TAIL
    START_UNWIND
    i32.const 0
    return
  end_block
  CALL_UNUSUAL
  end_function

// int wio_sleep(double seconds)
.globl wio_sleep
.type wio_sleep,@function
wio_sleep:
  .functype wio_sleep (f64) -> (i32)
  .local i32
  call wio__switching
  if
    call stop_rewind
    call wio__slept
    return
  end_if
  local.get 0
  call wio__before_sleep
  local.tee 1
  if
    local.get 1
    return
  end_if
  START_UNWIND
  i32.const 0
  end_function

// int wio__park(wio__task *self, const wio__wait *wait, void *object)
// The arguments are not to be trusted when being rewound; the current task is.
.globl wio__park
.type wio__park,@function
wio__park:
  .functype wio__park (i32, i32, i32) -> (i32)
  call wio__switching
  if
    call stop_rewind
    i32.const 0
    i32.load wio__the + CURRENT
    call wio__landed
    return
  end_if
  local.get 0
  local.get 1
  local.get 2
  call wio__parked
  START_UNWIND
  i32.const 0
  end_function
