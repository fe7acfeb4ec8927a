// See watch_send.hpp.
#include "engine/cli/watch_send.hpp"

#include <fmt/format.h>

#include "engine/base/digest.hpp"
#include "engine/base/file.hpp"
#include "engine/base/posix.hpp"
#include "engine/base/text.hpp"
#include "engine/base/trusted_file.hpp"
#include "engine/cli/providers.hpp"

namespace fairway::cli {
namespace {

constexpr std::int64_t limit_ms = 30'000;
constexpr std::size_t most_secret = 4096, least_secret = 16, most_words = 300;

Result<std::string> signature(const std::string& file, std::string_view body) {
    const auto open = open_secret_file(file);
    if (!open) return tl::unexpected(open.error());
    auto read = read_most(open->get(), file, most_secret + 1, Code::bad_input);
    if (!read) return tl::unexpected(read.error());
    Wiped secret{std::move(*read)};
    while (!secret.text.empty() && (secret.text.back() == '\n' || secret.text.back() == '\r')) secret.text.pop_back();
    if (secret.text.size() < least_secret || secret.text.size() > most_secret)
        return fail(Code::bad_input,
                    fmt::format("{} must hold a secret of {} to {} bytes", file, least_secret, most_secret));
    return "sha256=" + hmac_sha256(secret.text, body);
}

Result<void> to_webhook(const watch::Way& way, const watch::Message& message, const WatchWish& wish) {
    std::vector<std::pair<std::string, std::string>> headers = {
        {"Content-Type", "application/json"}, {"User-Agent", "fairway/" FAIRWAY_VERSION}, {"X-Fairway-Id", message.id}};
    if (!wish.secret.empty()) {
        const auto made = signature(wish.secret, message.body);
        if (!made) return tl::unexpected(made.error());
        headers.emplace_back("X-Fairway-Signature", *made);
    }
    return post_to_webhook(way.url, std::move(headers), message.body);
}

}  // namespace

Result<watch::Child> send_message(const watch::Way& way, const watch::Message& message, const WatchWish& wish) {
    return watch::Child::start(message.body, limit_ms, [&](int out) {
        switch (way.row->kind) {
            case watch::WayKind::command: return watch::become(way.command, out);
            case watch::WayKind::mail: return watch::become({wish.sendmail, "-t", "-i"}, out);
            case watch::WayKind::webhook: break;
        }
        const auto sent = to_webhook(way, message, wish);
        return sent ? 0 : watch::answer(out, sent.error().text, 1);
    });
}

Result<void> answer_of(const watch::Ended& ended) {
    if (ended.late) return fail(Code::unreachable, fmt::format("gave no answer within {} s", limit_ms / 1000));
    if (ended.status == 0) return {};
    if (!ended.said.empty()) return fail(Code::unreachable, text::printable(ended.said.substr(0, most_words)));
    return fail(Code::unreachable, ended.status < 0 ? std::string("was ended by a signal")
                                                    : fmt::format("ended with status {}", ended.status));
}

}  // namespace fairway::cli
