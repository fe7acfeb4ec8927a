// N Hyper-V hosts that answer WS-Management at once, in one process and one thread: what a client is measured
// against. It knows nothing of the engine and the providers; how they ask is their business.
//   wsman_stub HOSTS PORT USERS-FILE [ROUND-TRIP]      so many milliseconds away
// USERS-FILE holds name:password lines for Basic; Kerberos accepts with KRB5_KTNAME. Prints a line when it is ready.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <csignal>
#include <fmt/format.h>
#include <sys/resource.h>

#include "tests/bench/wsman_stub/session.hpp"

namespace fairway::stub {
namespace {

using tcp = boost::asio::ip::tcp;
constexpr int backlog = 4096;

void raise_limit() {
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
}

void accept(Stub& stub, tcp::acceptor& acceptor) {
    acceptor.async_accept([&](auto error, tcp::socket socket) {
        if (error) throw boost::system::system_error(error);  // out of files: no figure would be worth anything
        serve(stub, std::move(socket));
        accept(stub, acceptor);
    });
}

int run(std::size_t hosts, unsigned short port, const std::string& users, std::chrono::milliseconds away) {
    raise_limit();
    Stub stub{.accounts = {"CORP.EXAMPLE", "corp.example", {"operator"}, "HVSTUB", lab::read_users(users)},
              .answers = {},
              .tally = Tally(hosts),
              .round_trip = away};
    boost::asio::io_context loop(1);
    // One listener: the address that a client connected to tells the host.
    tcp::acceptor acceptor(loop);
    acceptor.open(tcp::v4());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    acceptor.bind({tcp::v4(), port});
    acceptor.listen(backlog);
    accept(stub, acceptor);
    fmt::print("wsman_stub: {} hosts\n", hosts);
    std::fflush(stdout);
    loop.run();
    return 0;
}

}  // namespace
}  // namespace fairway::stub

int main(int count, char** arguments) {
    if (count != 4 && count != 5) {
        fmt::print(stderr, "usage: wsman_stub HOSTS PORT USERS-FILE [ROUND-TRIP]\n");
        return 64;
    }
    std::signal(SIGPIPE, SIG_IGN);
    try {
        return fairway::stub::run(std::stoul(arguments[1]), static_cast<unsigned short>(std::stoul(arguments[2])),
                                  arguments[3], std::chrono::milliseconds(count == 5 ? std::stol(arguments[4]) : 0));
    } catch (const std::exception& wrong) {
        fmt::print(stderr, "wsman_stub: {}\n", wrong.what());
        return 1;
    }
}
