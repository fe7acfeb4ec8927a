// The one thread on which all hosts are spoken to, and the few beside it that may block: names are looked up and
// tickets fetched by libraries that know no other way. Nothing here knows what is said.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "providers/wmi/transport/asio.hpp"

namespace fairway::wmi {

class Loop {
public:
    Loop();
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    asio::io_context& io() { return io_; }

    // Does `work` on another thread. Empty: it took longer than that; it then goes on by itself, so it must own all
    // that it uses, and what it brings is thrown away.
    template <class Work>
    auto away(std::chrono::milliseconds deadline, Work work) -> awaitable<std::optional<std::invoke_result_t<Work>>>;

    // To its end, on the calling thread.
    template <class T>
    T run(awaitable<T> what);

private:
    // Where the other threads leave what they brought, as long as the loop is there.
    struct Gate {
        std::mutex busy;
        asio::io_context* io = nullptr;
        void deliver(std::function<void()> what);
    };
    static void on_a_thread(std::function<void()> work);

    asio::io_context io_{1};
    std::shared_ptr<Gate> gate_;
};

template <class Work>
auto Loop::away(std::chrono::milliseconds deadline, Work work) -> awaitable<std::optional<std::invoke_result_t<Work>>> {
    using Brought = std::invoke_result_t<Work>;
    struct Box {
        asio::steady_timer timer;
        std::optional<Brought> brought;
    };
    auto box = std::make_shared<Box>(Box{asio::steady_timer(io_, deadline), std::nullopt});
    on_a_thread([gate = gate_, weak = std::weak_ptr(box), work = std::move(work)]() mutable {
        // What the work owns goes before anybody hears of it: the program may end then, and the libraries with it.
        auto brought = [&] {
            Work own = std::move(work);
            return std::make_shared<Brought>(own());
        }();
        gate->deliver([weak, brought] {
            const auto waiting = weak.lock();
            if (!waiting) return;
            waiting->brought = std::move(*brought);
            waiting->timer.cancel();
        });
    });
    error_code cancelled;
    co_await box->timer.async_wait(as_result(cancelled));
    co_return std::move(box->brought);
}

template <class T>
T Loop::run(awaitable<T> what) {
    std::optional<T> out;
    std::exception_ptr thrown;
    asio::co_spawn(io_, std::move(what), [&](std::exception_ptr error, T value) {
        thrown = error;
        out = std::move(value);
    });
    io_.restart();
    io_.run();
    if (thrown) std::rethrow_exception(thrown);
    return std::move(*out);
}

}  // namespace fairway::wmi
