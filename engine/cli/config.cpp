// See config.hpp.
#include "engine/cli/config.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>
#include <utility>

#include "engine/base/file.hpp"
#include "engine/base/posix.hpp"
#include "engine/base/text.hpp"
#include "engine/base/trusted_file.hpp"
#include "engine/base/yaml.hpp"
#include "engine/cli/options.hpp"

namespace fairway::cli {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t config_limit = 64 * 1024;
constexpr const char* of_current_folder = "fairway.yaml";

// Not a relative one, which would be a folder of wherever we are, and not those of accounts that have none.
bool is_home(const fs::path& home) { return home.is_absolute() && home != "/" && home != "/nonexistent"; }

// Empty where there is no home.
fs::path below_home(const char* variable, const char* otherwise) {
    const fs::path set = environment(variable), home = environment("HOME");
    if (set.is_absolute()) return set / "fairway";
    return is_home(home) ? home / otherwise / "fairway" : fs::path();
}

bool is_file_option(const OptionRow& row) { return row.argument == "FILE"; }
bool is_written(const OptionRow& row) { return row.file == FileUse::written || row.file == FileUse::kept; }

enum class Origin { named, found, current_folder };

Result<std::string> read(const std::string& file, Origin origin) {
    if (origin == Origin::named) return read_file(file, config_limit);
    const auto open = open_trusted_file(file);
    if (!open)
        return fail(open.error().code, fmt::format("{} does not count: {}. It decides what is run and written as you; "
                                                   "read it, then name it with --config {}",
                                                   file, open.error().text, file));
    auto text = read_most(open->get(), file, config_limit + 1, Code::bad_input);
    if (text && text->size() > config_limit)
        return fail(Code::bad_input, fmt::format("{} is larger than the limit of {} bytes", file, config_limit));
    return text;
}

using Config = std::map<std::string, Configured, std::less<>>;

Result<void> merge(const std::string& file, Origin origin, Config& into) {
    const Result<std::string> text = read(file, origin);
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
        if (is_written(*row) && origin == Origin::current_folder) {
            wrong.text = fmt::format(
                "`{}` cannot be set by a config of the current folder, because whoever made the "
                "folder would choose which file is written as you",
                entry.key);
            wrong.hint = fmt::format("write it into ~/.config/fairway/config.yaml, or give --{} FILE", entry.key);
            return fail(Code::refused, show(wrong, *text));
        }
        if (!entry.value.is(Node::Kind::scalar)) {
            wrong.text = fmt::format("`{}` takes {}", entry.key, row->argument);
            return fail(Code::bad_input, show(wrong, *text));
        }
        fs::path value = entry.value.text;
        if (is_file_option(*row) && value.is_relative()) value = fs::path(file).parent_path() / value;
        into[entry.key] = {value.string(), fmt::format("{}:{}", file, entry.place.line)};
    }
    return {};
}

}  // namespace

Result<Config> read_config(const std::string& only) {
    Config out;
    if (!only.empty()) {
        if (auto merged = merge(only, Origin::named, out); !merged) return tl::unexpected(merged.error());
        return out;
    }
    for (const std::string& file : usual_configs()) {
        std::error_code ignored;
        if (!fs::is_regular_file(file, ignored)) continue;
        const Origin origin = file == of_current_folder ? Origin::current_folder : Origin::found;
        if (auto merged = merge(file, origin, out); !merged) return tl::unexpected(merged.error());
    }
    return out;
}

std::vector<std::string> usual_configs() {
    std::vector<std::string> out = {"/etc/fairway/config.yaml"};
    // Without a home, or with a relative one, the user's file would be one of the current folder.
    if (const fs::path own = below_home("XDG_CONFIG_HOME", ".config"); own.is_absolute())
        out.push_back((own / "config.yaml").string());
    out.emplace_back(of_current_folder);
    return out;
}

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

std::string state_folder() {
    if (const fs::path own = below_home("XDG_STATE_HOME", ".local/state"); !own.empty()) return own.string();
    const std::string given = environment("STATE_DIRECTORY");
    const fs::path first = given.substr(0, given.find(':'));
    return first.is_absolute() ? first.string() : "/var/lib/fairway";
}

std::string lock_folder() {
    if (const std::string named = environment(lock_variable); !named.empty()) return named;
    if (::geteuid() == 0) return "/run/fairway";
    const passwd* entry = ::getpwuid(::geteuid());
    const fs::path home = entry ? entry->pw_dir : "";
    return is_home(home) ? (home / ".local/state/fairway/locks").string() : state_folder() + "/locks";
}

std::string default_store() { return state_folder() + "/journal.db"; }

}  // namespace fairway::cli
