// See post.hpp. POSIX sockets; OpenSSL.
#include "providers/webhook/post.hpp"

#include <array>
#include <fmt/format.h>
#include <memory>
#include <netdb.h>
#include <optional>
#include <sys/socket.h>

#include "engine/base/descriptor.hpp"
#include "engine/base/freed_by.hpp"
#include "engine/base/posix.hpp"
#include "engine/base/text.hpp"
#include "providers/sign_on/distrust.hpp"
#include "providers/sign_on/openssl.hpp"

namespace fairway::webhook {
namespace {

constexpr std::size_t most_line = 4096;
constexpr distrust::Wording wording = {"server of the webhook", "the system's authorities (or SSL_CERT_FILE)", ""};

bool is_ip(const std::string& host) {
    return host.find(':') != host.npos || host.find_first_not_of("0123456789.") == host.npos;
}

// A connection in the clear, or inside TLS.
class Connection {
public:
    explicit Connection(Descriptor fd) : fd_(std::move(fd)) {}

    Result<void> secure(const std::string& host) {
        settings_.reset(SSL_CTX_new(TLS_client_method()));
        if (!settings_ || SSL_CTX_set_min_proto_version(settings_.get(), TLS1_2_VERSION) != 1 ||
            SSL_CTX_set_default_verify_paths(settings_.get()) != 1)
            return fail(Code::bad_input, "TLS cannot be set up");
        SSL_CTX_set_verify(settings_.get(), SSL_VERIFY_PEER, nullptr);
        tls_.reset(SSL_new(settings_.get()));
        SSL* raw = tls_.get();
        SSL_set_hostflags(raw, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        if (SSL_set1_host(raw, host.c_str()) != 1 || SSL_set_fd(raw, fd_.get()) != 1 ||
            (!is_ip(host) && SSL_set_tlsext_host_name(raw, host.c_str()) != 1))
            return fail(Code::bad_input, fmt::format("{} cannot be the name in a certificate", host));
        if (SSL_connect(raw) == 1) return {};
        const long verdict = SSL_get_verify_result(raw);
        const std::string why = verdict == X509_V_OK ? std::string("the handshake failed")
                                                     : distrust::words({{static_cast<int>(verdict), 0, {}}}, wording);
        return fail(Code::denied, fmt::format("no TLS connection to {}: {}", host, why));
    }

    Result<void> write(std::string_view text) {
        while (!text.empty()) {
            std::size_t n = 0;
            if (tls_ && SSL_write_ex(tls_.get(), text.data(), text.size(), &n) != 1) return cut();
            if (!tls_) {
                const ssize_t sent = ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL);
                if (sent < 0) return cut();
                n = static_cast<std::size_t>(sent);
            }
            text.remove_prefix(n);
        }
        return {};
    }

    Result<std::string> read_line() {
        std::string out;
        std::array<char, 512> bytes{};
        while (out.find("\r\n") == out.npos && out.size() < most_line) {
            std::size_t n = 0;
            if (tls_ && SSL_read_ex(tls_.get(), bytes.data(), bytes.size(), &n) != 1) return cut_line();
            if (!tls_) {
                const ssize_t got = ::recv(fd_.get(), bytes.data(), bytes.size(), 0);
                if (got <= 0) return cut_line();
                n = static_cast<std::size_t>(got);
            }
            out.append(bytes.data(), n);
        }
        return out.substr(0, out.find("\r\n"));
    }

private:
    static tl::unexpected<Error> cut_line() {
        return fail(Code::unreachable, "the server closed the connection without an answer");
    }
    static Result<void> cut() { return cut_line(); }

    Descriptor fd_;
    openssl::Settings settings_;
    openssl::Connection tls_;
};

Result<Descriptor> connected(const Post& what) {
    addrinfo wish{};
    wish.ai_flags = AI_NUMERICSERV;
    wish.ai_socktype = SOCK_STREAM;
    addrinfo* raw = nullptr;
    if (const int wrong = ::getaddrinfo(what.host.c_str(), std::to_string(what.port).c_str(), &wish, &raw); wrong != 0)
        return fail(Code::unreachable, fmt::format("{} has no address: {}", what.host, ::gai_strerror(wrong)));
    const std::unique_ptr<addrinfo, FreedBy<::freeaddrinfo>> all(raw);
    Error last{Code::unreachable, "there is no address"};
    for (const addrinfo* one = all.get(); one != nullptr; one = one->ai_next) {
        Descriptor fd(::socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC, one->ai_protocol));
        if (fd.get() >= 0 && ::connect(fd.get(), one->ai_addr, one->ai_addrlen) == 0) return fd;
        last = os_error(Code::unreachable, "connect to", fmt::format("{} port {}", what.host, what.port)).value();
    }
    return tl::unexpected(last);
}

}  // namespace

std::string request_text(const Post& what) {
    const std::string name = what.host.find(':') == what.host.npos ? what.host : fmt::format("[{}]", what.host);
    const bool usual = what.port == (what.tls ? 443 : 80);
    std::string out = fmt::format("POST {} HTTP/1.1\r\nHost: {}{}\r\nContent-Length: {}\r\nConnection: close\r\n",
                                  what.target, name, usual ? "" : fmt::format(":{}", what.port), what.body.size());
    for (const auto& [key, value] : what.headers) out += fmt::format("{}: {}\r\n", key, value);
    return out + "\r\n" + std::string(what.body);
}

Result<unsigned> status_of(std::string_view line) {
    const bool http = line.starts_with("HTTP/1.1 ") || line.starts_with("HTTP/1.0 ");
    const unsigned status = line.size() >= 12 ? text::number<unsigned>(line.substr(9, 3)).value_or(0) : 0;
    if (!http || status < 100 || (line.size() > 12 && line[12] != ' '))
        return fail(Code::protocol, "the server does not answer as HTTP/1.1 does");
    return status;
}

Result<void> post(const Post& what) {
    auto fd = connected(what);
    if (!fd) return tl::unexpected(fd.error());
    Connection connection(std::move(*fd));
    if (what.tls)
        if (auto secured = connection.secure(what.host); !secured) return secured;
    if (auto written = connection.write(request_text(what)); !written) return written;
    const auto line = connection.read_line();
    if (!line) return tl::unexpected(line.error());
    const auto status = status_of(*line);
    if (!status) return tl::unexpected(status.error());
    if (*status >= 200 && *status <= 299) return {};
    return fail(Code::refused, fmt::format("the server answered with HTTP status {}", *status));
}

}  // namespace fairway::webhook
