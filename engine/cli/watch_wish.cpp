// See watch_wish.hpp.
#include "engine/cli/watch_wish.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <unistd.h>

#include "engine/base/duration.hpp"
#include "engine/base/text.hpp"
#include "engine/base/trusted_file.hpp"

namespace fairway::cli {
namespace {

constexpr std::int64_t least_s = 60, most_s = 7 * 86400;
constexpr std::size_t most_ways = 16;

Result<std::int64_t> duration(const Request& request, std::string_view option) {
    const auto given = parse_duration(request.get(option));
    if (given && *given >= least_s && *given <= most_s) return *given;
    return fail(Code::bad_input,
                fmt::format("--{} takes a time from {} to {}, like 15m or 24h, not `{}`", option,
                            show_duration(least_s), show_duration(most_s), text::printable(request.get(option))));
}

Result<void> can_be_started(const std::string& path) {
    if (::access(path.c_str(), X_OK) == 0) return {};
    return fail(Code::bad_input, fmt::format("{} cannot be started: {}", path, std::strerror(errno)));
}

Result<void> read_ways(const Request& request, WatchWish& out) {
    for (const std::string& text : request.all("tell")) {
        auto way = watch::parse_way(text);
        if (!way) return tl::unexpected(way.error());
        const auto same = [&](const watch::Way& one) { return one.key == way->key; };
        if (std::any_of(out.ways.begin(), out.ways.end(), same))
            return fail(Code::bad_input, fmt::format("--tell names the same way twice: {}", way->shown));
        if (!way->command.empty())
            if (auto can = can_be_started(way->command[0]); !can) return can;
        if (!way->address.empty())
            if (auto can = can_be_started(out.sendmail); !can) return can;
        out.ways.push_back(std::move(*way));
    }
    if (out.ways.size() > most_ways)
        return fail(Code::bad_input, fmt::format("--tell is given more than {} times", most_ways));
    return {};
}

}  // namespace

Result<WatchWish> watch_wish(const Request& request) {
    WatchWish out;
    out.once = request.has("once");
    if (out.once == request.has("every"))
        return fail(Code::bad_input, "`watch` takes --every TIME, or --once for a timer");
    if (request.has("every")) {
        const auto every = duration(request, "every");
        if (!every) return tl::unexpected(every.error());
        out.every_s = *every;
    }
    if (request.has("remind")) {
        const auto remind = duration(request, "remind");
        if (!remind) return tl::unexpected(remind.error());
        out.remind_s = *remind;
    }
    out.sendmail = request.has("sendmail") ? request.get("sendmail") : std::string(usual_sendmail);
    if (!out.sendmail.starts_with('/')) return fail(Code::bad_input, "--sendmail takes the full path of a program");
    if (auto read = read_ways(request, out); !read) return tl::unexpected(read.error());
    out.secret = request.get("webhook-secret");
    if (!out.secret.empty())
        if (auto ours = is_secret_file(out.secret); !ours) return tl::unexpected(ours.error());
    out.textfile = request.get("textfile");
    out.listen = request.get("listen");
    if (out.once && !out.listen.empty()) return fail(Code::bad_input, "--once takes no --listen; use --textfile");
    return out;
}

}  // namespace fairway::cli
