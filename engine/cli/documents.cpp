// See documents.hpp.
#include "engine/cli/documents.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

#include "engine/base/file.hpp"
#include "engine/base/log.hpp"
#include "engine/base/posix.hpp"
#include "engine/base/text.hpp"
#include "engine/base/trusted_file.hpp"
#include "engine/cli/config.hpp"
#include "engine/cli/connect.hpp"
#include "engine/cli/record.hpp"
#include "engine/plan/coverage.hpp"
#include "engine/plan/desire.hpp"
#include "engine/policy/host_search.hpp"
#include "engine/policy/inventory_document.hpp"
#include "engine/policy/policy_document.hpp"

namespace fairway::cli {
namespace {

constexpr std::size_t document_limit = 16u << 20;

// The inventory's searches, one after the other. Who was left out is reported, for a host that is missed is missed in
// silence.
Result<std::vector<FoundHosts>> ask(const Inventory& inventory, const SharedRecording& recording) {
    constexpr std::size_t most_named = 5;
    Result<std::unique_ptr<HostFinder>> finder = connect_to_find(inventory, recording);
    if (!finder) return tl::unexpected(finder.error());
    std::vector<FoundHosts> out;
    for (const HostSearch& search : inventory.searches) {
        Result<FoundHosts> found = (*finder)->find(search);
        if (!found) return tl::unexpected(found.error());
        std::vector<std::string> left;
        for (const std::string& account : found->disabled) left.push_back(text::printable(account));
        std::sort(left.begin(), left.end());
        if (!left.empty())
            log::warn(fmt::format("{}:{}: {} disabled account{} left out: {}", inventory.file, search.where.line,
                                  left.size(), left.size() == 1 ? "" : "s",
                                  text::some(left, most_named, {}, text::Rest::hinted)));
        out.push_back(std::move(*found));
    }
    return out;
}

// Every command says so, since a host that is missed is missed in silence; an audit says why.
void warn_of_left_out(const Inventory& inventory) {
    constexpr std::size_t most_named = 5;
    std::vector<std::string> left;
    for (const EstateFinding& finding : inventory.estate_findings)
        if (finding.fault == EstateFault::left_out || finding.fault == EstateFault::name_claimed)
            left.push_back(finding.object);
    if (!left.empty())
        log::warn(
            fmt::format("{}: {} found account{} left out: {}; `fairway audit` "
                        "says why",
                        inventory.file, left.size(), left.size() == 1 ? "" : "s",
                        text::some(left, most_named, {}, text::Rest::hinted)));
}

}  // namespace

Loaded<Source> read_document(const std::string& file) {
    // Trusted is what is read, and not what has its name a moment later.
    const auto open = open_trusted_file(file);
    Result<std::string> text =
        open ? read_most(open->get(), file, document_limit + 1, Code::bad_input) : read_file(file, document_limit);
    if (text && text->size() > document_limit)
        text = fail(Code::bad_input, fmt::format("{} is larger than the limit of {} bytes", file, document_limit));
    if (!text) return tl::unexpected(trouble(text.error()));
    return Source{file, std::move(*text), open ? std::nullopt : std::optional(open.error())};
}

Result<void> may_start_programs(const Source& source, const Inventory& inventory) {
    const std::string program = inventory.password_program();
    if (program.empty() || !source.distrust) return {};
    return fail(Code::refused,
                fmt::format("{} has a `password_command` ({}), which would be started as you, but the file does not "
                            "count: {}",
                            source.file, text::printable(program), source.distrust->text));
}

Loaded<Policy> load_policy(const Request& request) {
    const Loaded<Source> source = read_document(request.get("policy"));
    if (!source) return tl::unexpected(source.error());
    Checked<Policy> policy = fairway::load_policy(source->text, source->file);
    if (!policy) return tl::unexpected(trouble(policy.error(), source->text));
    return std::move(*policy);
}

Loaded<Inventory> load_inventory(const Request& request) {
    const Loaded<Source> source = read_document(request.get("inventory"));
    if (!source) return tl::unexpected(source.error());
    Checked<Inventory> inventory = fairway::load_inventory(source->text, source->file);
    if (!inventory) return tl::unexpected(trouble(inventory.error(), source->text));
    if (const auto trusted = may_start_programs(*source, *inventory); !trusted)
        return tl::unexpected(trouble(trusted.error()));
    tell_names(request.recording, *inventory);
    if (inventory->searches.empty()) return std::move(*inventory);
    Result<std::vector<FoundHosts>> found = ask(*inventory, request.recording);
    if (!found) return tl::unexpected(trouble(found.error()));
    Checked<Inventory> whole = with_found(std::move(*inventory), *found);
    if (!whole) return tl::unexpected(trouble(whole.error(), source->text));
    warn_of_left_out(*whole);
    tell_names(request.recording, *whole);
    return std::move(*whole);
}

Loaded<Desired> bind(const Policy& policy, const Inventory& inventory, std::int64_t now) {
    Checked<Desired> desired = desire(policy, inventory, now);
    if (desired) return std::move(*desired);
    return tl::unexpected(complaints(policy, desired.error()));
}

Result<void> cover_as_asked(const Request& request, Inventory& inventory) {
    const auto only = host_words(request.all("host")), except = host_words(request.all("except"));
    for (const auto* words : {&only, &except})
        if (!*words) return tl::unexpected(words->error());
    return cover(inventory, *only, *except);
}

Answer complaints(const Policy& policy, const Diagnostics& diagnostics) {
    const Loaded<Source> source = read_document(policy.file);
    return trouble(diagnostics, source ? source->text : std::string());
}

std::string store_path(const Request& request) {
    const std::string named = request.get("store");
    if (named == ":memory:") return "./" + named;  // to SQLite it would be no file
    // One store has one name, because its head, its log and its lock lie beside it.
    std::error_code wrong;
    if (!std::filesystem::is_symlink(named, wrong)) return named;
    const std::filesystem::path target = std::filesystem::canonical(named, wrong);
    return wrong ? named : target.string();
}

Loaded<Inventory> stated_inventory(const Request& request) {
    const Loaded<Source> source = read_document(request.get("inventory"));
    if (!source) return tl::unexpected(source.error());
    Checked<Inventory> out = fairway::load_inventory(source->text, source->file);
    if (!out) return tl::unexpected(trouble(out.error(), source->text));
    return std::move(*out);
}

}  // namespace fairway::cli
