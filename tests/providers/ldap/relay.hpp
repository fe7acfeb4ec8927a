// A wire tap for live tests: forwards one port to the directory server, and cuts connections on request,
// for instance after a request has gone through and before its answer comes back. POSIX sockets.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace fairway::ldap {

class Relay {
public:
    Relay(const std::string& address, std::uint16_t port);
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    std::uint16_t port() const { return port_; }
    void cut_now() { cut_ = true; }                   // what is open is closed; new connections are welcome
    void swallow_answers(bool on) { swallow_ = on; }  // requests go through; the answer cuts instead
    bool saw(const std::string& words);               // has this travelled in clear, either way?

private:
    bool forward(int from, int to);
    void run();
    void serve(int client);

    std::string address_;
    std::uint16_t target_, port_ = 0;
    int listener_ = -1;
    std::atomic<bool> stop_ = false, cut_ = false, swallow_ = false;
    std::mutex guard_;
    std::string seen_;
    std::thread thread_;
};

}  // namespace fairway::ldap
