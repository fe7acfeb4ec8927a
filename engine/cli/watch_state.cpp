// See watch_state.hpp.
#include "engine/cli/watch_state.hpp"

#include <array>
#include <fmt/format.h>
#include <sys/random.h>

#include "engine/base/file.hpp"
#include "engine/base/posix.hpp"
#include "engine/base/private_file.hpp"
#include "engine/watch/state_file.hpp"

namespace fairway::cli {
namespace {

Result<watch::State> fresh(const std::string& estate) {
    std::array<unsigned char, 8> random{};
    if (::getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size()))
        return os_error(Code::storage, "draw", "an id");
    watch::State out;
    out.estate = estate;
    for (const unsigned char one : random) out.id += fmt::format("{:02x}", one);
    return out;
}

Result<watch::State> load(const std::string& path, const std::string& estate) {
    const auto text = read_private_file(path, watch::most_state_bytes);
    if (!text && text.error().code == Code::not_found) return fresh(estate);
    if (!text) return tl::unexpected(text.error());
    auto state = watch::read_state(*text);
    if (!state)
        return fail(Code::storage,
                    fmt::format("{} is no state of `fairway watch` ({}); put it aside to begin anew, and every finding "
                                "is new then",
                                path, state.error().text));
    if (state->estate != estate)
        return fail(Code::refused, fmt::format("{} is the state of the estate {}, not of {}; give --state", path,
                                               state->estate, estate));
    return state;
}

}  // namespace

std::string watch_state_path(const Request& request, const std::string& estate) {
    if (request.has("state")) return request.get("state");
    std::string name;
    for (const char c : estate) name += text::is_alnum(c) || c == '-' || c == '_' ? c : '_';
    return fmt::format("{}/watch-{}.json", folder_of(store_path(request)), name);
}

std::string watch_lock(const std::string& state) { return state + ".lock"; }

Loaded<WatchFile> open_watch_file(const Request& request, const std::string& estate) {
    const std::string path = watch_state_path(request, estate);
    if (auto made = make_folder_of(path); !made) return tl::unexpected(trouble(made.error()));
    auto lock = Lock::take(watch_lock(path), "fairway watch");
    if (!lock && lock.error().code == Code::refused)
        return tl::unexpected(trouble(Exit::lock_held, "refused", lock.error().text));
    if (!lock) return tl::unexpected(trouble(lock.error()));
    auto state = load(path, estate);
    if (!state) return tl::unexpected(trouble(state.error()));
    return WatchFile{path, std::move(*lock), std::move(*state)};
}

}  // namespace fairway::cli
