// Boost.Asio and Beast: sockets, timers, TLS streams and HTTP parsing, as coroutines on one loop.
#pragma once

#include <utility>  // before awaitable.hpp, which forgets it (Boost 1.74)

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#if defined(__GNUC__) && !defined(__clang__)
// g++ 12 takes the allocator of Asio's coroutine frames for a mismatch with itself; it stays ignored in whoever
// includes this, since the warning comes where a coroutine ends.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace fairway::wmi {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::awaitable;
using boost::system::error_code;

// co_await something(as_result(ec)): the error goes into `ec` instead of being thrown.
inline auto as_result(error_code& ec) { return asio::redirect_error(asio::use_awaitable, ec); }

}  // namespace fairway::wmi
