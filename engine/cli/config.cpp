// See config.hpp.
#include "engine/cli/config.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include "engine/base/file.hpp"
#include "engine/base/text.hpp"
#include "engine/base/yaml.hpp"
#include "engine/cli/options.hpp"

namespace fairway::cli {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t config_limit = 64 * 1024;

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

// Not a relative one, which would be a folder of wherever we are, and not those of accounts that have none.
bool is_home(const fs::path& home) { return home.is_absolute() && home != "/" && home != "/nonexistent"; }

// Empty where there is no home.
fs::path below_home(const char* variable, const char* otherwise) {
    const fs::path set = environment(variable), home = environment("HOME");
    if (set.is_absolute()) return set / "fairway";
    return is_home(home) ? home / otherwise / "fairway" : fs::path();
}

bool is_file_option(const OptionRow& row) { return row.argument == "FILE"; }

Result<void> merge(const std::string& file, std::map<std::string, std::string>& into) {
    const Result<std::string> text = read_file(file, config_limit);
    if (!text) return tl::unexpected(text.error());
    const Checked<Node> root = parse_yaml(*text, file);
    if (!root) {
        std::string all;
        for (const Diagnostic& diagnostic : root.error()) all += show(diagnostic, *text);
        return fail(Code::bad_input, all);
    }
    if (root->is(Node::Kind::nothing)) return {};
    if (!root->is(Node::Kind::map))
        return fail(Code::bad_input, show(Diagnostic{.file = file,
                                                     .place = root->place,
                                                     .text = "a config file must be a map of keys, e.g. `policy: FILE`",
                                                     .hint = {}},
                                          *text));
    std::vector<std::string_view> known;
    for (const OptionRow& row : option_table())
        if (row.configurable) known.push_back(row.name);
    for (const Entry& entry : root->entries) {
        const auto row = std::find_if(option_table().begin(), option_table().end(),
                                      [&](const OptionRow& one) { return one.configurable && one.name == entry.key; });
        Diagnostic wrong{.file = file, .place = entry.place, .width = entry.key.size(), .text = {}, .hint = {}};
        if (row == option_table().end()) {
            wrong.text = fmt::format("unknown key `{}`", entry.key);
            if (const auto near = text::did_you_mean(entry.key, known); !near.empty())
                wrong.hint = fmt::format("did you mean `{}`?", near);
            return fail(Code::bad_input, show(wrong, *text));
        }
        if (!entry.value.is(Node::Kind::scalar)) {
            wrong.text = fmt::format("`{}` takes {}", entry.key, row->argument);
            return fail(Code::bad_input, show(wrong, *text));
        }
        fs::path value = entry.value.text;
        if (is_file_option(*row) && value.is_relative()) value = fs::path(file).parent_path() / value;
        into[entry.key] = value.string();
    }
    return {};
}

}  // namespace

Result<std::map<std::string, std::string>> read_config(const std::string& only) {
    std::map<std::string, std::string> out;
    if (!only.empty()) {
        if (auto merged = merge(only, out); !merged) return tl::unexpected(merged.error());
        return out;
    }
    for (const fs::path& file : {fs::path("/etc/fairway/config.yaml"),
                                 below_home("XDG_CONFIG_HOME", ".config") / "config.yaml", fs::path("fairway.yaml")}) {
        std::error_code ignored;
        if (!fs::is_regular_file(file, ignored)) continue;
        if (auto merged = merge(file.string(), out); !merged) return tl::unexpected(merged.error());
    }
    return out;
}

std::string state_folder() {
    if (const fs::path own = below_home("XDG_STATE_HOME", ".local/state"); !own.empty()) return own.string();
    const std::string given = environment("STATE_DIRECTORY");
    const fs::path first = given.substr(0, given.find(':'));
    return first.is_absolute() ? first.string() : "/var/lib/fairway";
}

std::string lock_folder() {
    if (const std::string named = environment("FAIRWAY_LOCK_DIR"); !named.empty()) return named;
    if (::geteuid() == 0) return "/run/fairway";
    const passwd* entry = ::getpwuid(::geteuid());
    const fs::path home = entry ? entry->pw_dir : "";
    return is_home(home) ? (home / ".local/state/fairway/locks").string() : state_folder() + "/locks";
}

std::string default_store() { return state_folder() + "/journal.db"; }

}  // namespace fairway::cli
