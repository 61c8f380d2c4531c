/* As much of C++20's <coroutine> as the peer needs: Emscripten 3.1.6 has the compiler's part, but not the header. */
#pragma once

namespace std {

template <class Result, class...> struct coroutine_traits {
    using promise_type = typename Result::promise_type;
};

template <class Promise = void> struct coroutine_handle;

template <> struct coroutine_handle<void> {
    void *frame = nullptr;
    void resume() const { __builtin_coro_resume(frame); }
    void destroy() const { __builtin_coro_destroy(frame); }
    bool done() const { return __builtin_coro_done(frame); }
    static coroutine_handle from_address(void *address) { return {address}; }
    void *address() const { return frame; }
};

template <class Promise> struct coroutine_handle : coroutine_handle<void> {
    static coroutine_handle from_address(void *address) {
        coroutine_handle made;
        made.frame = address;
        return made;
    }
    static coroutine_handle from_promise(Promise &promise) {
        return from_address(__builtin_coro_promise(&promise, alignof(Promise), true));
    }
};

struct suspend_always {
    bool await_ready() const noexcept { return false; }
    void await_suspend(coroutine_handle<>) const noexcept {}
    void await_resume() const noexcept {}
};

struct suspend_never {
    bool await_ready() const noexcept { return true; }
    void await_suspend(coroutine_handle<>) const noexcept {}
    void await_resume() const noexcept {}
};

} // namespace std
