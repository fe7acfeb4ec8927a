// Hosts on the loopback for the tests: a socket that listens, and a server that says what stands in the test,
// whatever it is asked.
#pragma once

#include <arpa/inet.h>
#include <array>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace fairway::wmi {

class Listener {
public:
    explicit Listener(int backlog) {
        sockaddr_in place{};
        place.sin_family = AF_INET;
        place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof place;
        REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&place), size) == 0);
        REQUIRE(::listen(socket_, backlog) == 0);
        REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&place), &size) == 0);
        port = ntohs(place.sin_port);
    }
    ~Listener() { ::close(socket_); }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    int accept() const { return ::accept(socket_, nullptr, nullptr); }  // negative: it was stopped
    void stop() const { ::shutdown(socket_, SHUT_RDWR); }

    std::uint16_t port = 0;

private:
    int socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
};

// Takes connections one after the other, and answers the n-th request with the n-th of `answers`. An empty
// answer: the connection is closed instead.
class CannedServer {
public:
    explicit CannedServer(std::vector<std::string> answers) : answers_(std::move(answers)) {
        port = listener_.port;
        thread_ = std::jthread([this] { serve(); });
    }
    ~CannedServer() {
        listener_.stop();
        thread_.join();
    }

    std::uint16_t port = 0;
    std::vector<std::string> seen;

private:
    void serve() {
        std::size_t next = 0;
        for (int peer = listener_.accept(); peer >= 0; peer = listener_.accept()) {
            while (next < answers_.size() && read_one(peer)) {
                const std::string& answer = answers_[next++];
                if (answer.empty()) break;
                (void)!::write(peer, answer.data(), answer.size());
                if (answer.find("cut here") != std::string::npos) break;
            }
            ::close(peer);
            if (next == answers_.size()) return;
        }
    }

    bool read_one(int peer) {
        std::string request;
        std::array<char, 4096> buffer{};
        const auto has = [&](const char* text) { return request.find(text) != std::string::npos; };
        while (!has("\r\n\r\n") || !(has("Content-Length: 0\r\n") || request.ends_with("</end>"))) {
            const auto n = ::read(peer, buffer.data(), buffer.size());
            if (n <= 0) return false;
            request.append(buffer.data(), static_cast<std::size_t>(n));
        }
        seen.push_back(request);
        return true;
    }

    Listener listener_{8};
    std::vector<std::string> answers_;
    std::jthread thread_;
};

inline std::string http(const std::string& status, const std::string& headers, const std::string& content) {
    return "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + std::to_string(content.size()) + "\r\n\r\n" +
           content;
}

}  // namespace fairway::wmi
