# Which instance of the module this is: all have one memory, but globals are each instance's own.

.globaltype wio__thread, i32
wio__thread:

.text

# bool wio__in_thread(void)
.globl wio__in_thread
.type wio__in_thread,@function
.export_name wio__in_thread, wio__in_thread
wio__in_thread:
  .functype wio__in_thread () -> (i32)
  global.get wio__thread
  end_function

# void wio__thread_enter(void)
.globl wio__thread_enter
.type wio__thread_enter,@function
wio__thread_enter:
  .functype wio__thread_enter () -> ()
  i32.const 1
  global.set wio__thread
  end_function
