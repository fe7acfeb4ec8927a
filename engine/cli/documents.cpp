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

enum class Distrusted { read, refused };

Result<Source> read_source(const std::string& file, Distrusted distrusted = Distrusted::read) {
    // Trusted is what is read, and not what has its name a moment later.
    const auto open = open_trusted_file(file);
    if (!open && distrusted == Distrusted::refused) return tl::unexpected(open.error());
    Result<std::string> text =
        open ? read_most(open->get(), file, document_limit + 1, Code::bad_input) : read_file(file, document_limit);
    if (text && text->size() > document_limit)
        text = fail(Code::bad_input, fmt::format("{} is larger than the limit of {} bytes", file, document_limit));
    if (!text) return tl::unexpected(text.error());
    return Source{file, std::move(*text), open ? std::nullopt : std::optional(open.error())};
}

bool is_file(const std::string& name) {
    std::error_code wrong;
    return std::filesystem::is_regular_file(name, wrong);
}

// What a pipe or a descriptor (/dev/fd/63) brings lies in no folder, whatever its name looks like.
bool lies_in_a_folder(const std::string& name) {
    return !name.starts_with("/dev/") && !name.starts_with("/proc/") && is_file(name);
}

// Nobody who cannot write the policy may say what is in it: where it counts, each file that it includes must count.
Result<Source> read_included_file(const std::string& file, const Source& policy) {
    return read_source(file, policy.distrust && is_file(file) ? Distrusted::read : Distrusted::refused);
}

}  // namespace

Loaded<Source> read_document(const std::string& file) {
    auto source = read_source(file);
    if (!source) return tl::unexpected(trouble(source.error()));
    return std::move(*source);
}

Checked<Policy> policy_of(const Source& source, Texts& texts) {
    texts[source.file] = source.text;
    const ReadIncluded read = [&](const std::string& file) -> Result<std::string> {
        auto included = read_included_file(file, source);
        if (!included) return tl::unexpected(included.error());
        return texts[file] = std::move(included->text);
    };
    return fairway::load_policy(source.text, source.file, lies_in_a_folder(source.file) ? read : ReadIncluded());
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
    Texts texts;
    Checked<Policy> policy = policy_of(*source, texts);
    if (!policy) return tl::unexpected(trouble_in_files(policy.error(), texts));
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
    Texts texts;
    if (const auto source = read_source(policy.file)) {
        texts[policy.file] = source->text;
        for (const IncludedFile& one : policy.included)
            if (const auto included = read_included_file(one.file, *source)) texts[one.file] = included->text;
    }
    return trouble_in_files(diagnostics, texts);
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
