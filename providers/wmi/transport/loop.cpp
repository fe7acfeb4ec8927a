// See loop.hpp.
#include "providers/wmi/transport/loop.hpp"

#include <condition_variable>
#include <deque>
#include <thread>

namespace fairway::wmi {
namespace {

// Shared by all loops of the process and never joined: a thread that waits for a dead name server cannot be hurried,
// and the end of the program must not wait for it.
class Crew {
public:
    void add(std::function<void()> work) {
        const std::lock_guard guard(busy_);
        waiting_.push_back(std::move(work));
        if (idle_ == 0 && threads_ < most_threads) {
            ++threads_;
            std::thread([this] { serve(); }).detach();
        }
        more_.notify_one();
    }

private:
    static constexpr int most_threads = 8;

    [[noreturn]] void serve() {
        for (std::unique_lock lock(busy_);;) {
            ++idle_;
            more_.wait(lock, [this] { return !waiting_.empty(); });
            --idle_;
            const auto work = std::move(waiting_.front());
            waiting_.pop_front();
            lock.unlock();
            work();
            lock.lock();
        }
    }

    std::mutex busy_;
    std::condition_variable more_;
    std::deque<std::function<void()>> waiting_;
    int idle_ = 0, threads_ = 0;
};

}  // namespace

Loop::Loop() : gate_(std::make_shared<Gate>()) { gate_->io = &io_; }

Loop::~Loop() {
    const std::lock_guard guard(gate_->busy);
    gate_->io = nullptr;
}

void Loop::Gate::deliver(std::function<void()> what) {
    const std::lock_guard guard(busy);
    if (io != nullptr) asio::post(*io, std::move(what));
}

void Loop::on_a_thread(std::function<void()> work) {
    static Crew* const crew = new Crew;  // outlives its threads
    crew->add(std::move(work));
}

}  // namespace fairway::wmi
