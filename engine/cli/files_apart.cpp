// See files_apart.hpp. Files are compared by what they are (device and number), because a link has another name. POSIX.
#include "engine/cli/files_apart.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <sys/stat.h>

#include "engine/base/text.hpp"
#include "engine/cli/config.hpp"
#include "engine/cli/connect.hpp"
#include "engine/cli/documents.hpp"
#include "engine/cli/ground.hpp"
#include "engine/cli/watch_state.hpp"
#include "engine/journal/file.hpp"
#include "engine/policy/inventory_document.hpp"

namespace fairway::cli {
namespace {

namespace fs = std::filesystem;

struct Used {
    std::string what;  // "the store"
    std::string path;
    std::string_view option = {};  // that names it, where one does
};

// Which file is meant. One that is not there yet is meant by the path to which links lead.
struct Identity {
    dev_t device = 0;
    ino_t number = 0;
    std::string path = {};

    auto operator<=>(const Identity&) const = default;
};

// Nothing: a device or a pipe, of which nothing is lost when two write to it.
std::optional<Identity> identity(const std::string& named) {
    struct stat info {};
    if (::stat(named.c_str(), &info) == 0) {
        if (!S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode)) return std::nullopt;
        return Identity{.device = info.st_dev, .number = info.st_ino};
    }
    constexpr int most_links = 40;
    std::error_code wrong;
    fs::path path = named;
    for (int i = 0; i < most_links && fs::is_symlink(path, wrong); ++i)
        path = path.parent_path() / fs::read_symlink(path, wrong);
    return Identity{.path = fs::weakly_canonical(fs::absolute(path, wrong), wrong)};
}

bool is_a_file(const std::string& path) {
    std::error_code wrong;
    return fs::is_regular_file(path, wrong);
}

bool has_option(const Request& request, std::string_view option) {
    const auto& options = request.command->options;
    return std::find(options.begin(), options.end(), option) != options.end();
}

FileUse use_by(const OptionRow& row, const CommandRow& command) {
    if (row.file != FileUse::written_by_runs) return row.file;
    return command.tells_events ? FileUse::written : FileUse::read;
}

std::vector<Used> of_options(const Request& request, FileUse use) {
    std::vector<Used> out;
    for (const OptionRow& row : option_table()) {
        if (!taken_by(row, *request.command) || use_by(row, *request.command) != use) continue;
        for (const std::string& path : request.all(row.name))
            if (use == FileUse::read || path != "-")
                out.push_back({fmt::format("the --{} file", row.name), path, row.name});
    }
    return out;
}

void add_store(const Request& request, std::vector<Used>& to) {
    const std::string path = store_path(request);
    to.push_back({"the store", path});
    for (const std::string& file : JournalFile::beside(path)) to.push_back({"a part of the store", file});
    to.push_back({"the lock of the store", store_lock(path)});
}

void add_policy(const std::string& path, std::vector<Used>& to) {
    if (!is_a_file(path)) return;  // what a pipe brings can be read once
    const auto source = read_document(path);
    if (!source) return;
    Texts texts;
    static_cast<void>(policy_of(*source, texts));  // what is wrong with it, the command says
    for (const auto& [file, text] : texts)
        if (file != path) to.push_back({"a file that the policy includes", file});
}

void add_credentials(const Credentials& credentials, std::set<std::string>& to) {
    to.insert(credentials.path);
    to.insert(credentials.key);
}

void add_inventory(const Request& request, std::vector<Used>& to) {
    const std::string path = request.get("inventory");
    if (!is_a_file(path)) return;
    const auto inventory = stated_inventory(request);
    if (!inventory) return;
    to.push_back({"the lock of the estate", estate_lock(*inventory)});
    if (!inventory->embedded.empty()) to.push_back({"the embedded estate", inventory->embedded});
    std::set<std::string> named;
    for (const Directory& directory : inventory->directories) {
        named.insert(directory.ca);
        add_credentials(directory.credentials, named);
    }
    for (const Host& host : inventory->hosts) {
        if (host.reach.tls) named.insert(host.reach.tls->ca);
        add_credentials(host.reach.credentials, named);
    }
    for (const std::string& one : named)
        if (is_a_file(one)) to.push_back({"a file that the inventory names", one});
    if (!has_option(request, "state")) return;
    const std::string state = watch_state_path(request, inventory->estate);
    if (!request.has("state")) to.push_back({"the state file", state});
    to.push_back({"the lock of the state file", watch_lock(state)});
}

// All that is not to be written, but by the command itself.
std::vector<Used> files_in_use(const Request& request) {
    std::vector<Used> out = of_options(request, FileUse::read);
    add_store(request, out);
    if (request.command->reads_arguments)
        for (const std::string& argument : request.arguments)
            if (is_a_file(argument)) out.push_back({"an argument", argument});
    std::vector<std::string> configs = usual_configs();
    configs.push_back(named_config(request));
    for (const std::string& config : configs)
        if (is_a_file(config)) out.push_back({"a config file", config});
    for (const std::string_view option : {"policy", "emergency"})
        if (has_option(request, option)) add_policy(request.get(option), out);
    if (has_option(request, "inventory")) add_inventory(request, out);
    return out;
}

}  // namespace

Result<void> files_are_apart(const Request& request) {
    if (!request.command) return {};
    const std::vector<Used> written = of_options(request, FileUse::written);
    if (written.empty()) return {};
    std::vector<Used> others = files_in_use(request);
    for (const Used& one : written) {
        const auto meant = identity(one.path);
        for (const Used& other : others) {
            if (!meant || identity(other.path) != meant) continue;
            const std::string also = other.path == one.path ? "" : fmt::format(" ({})", other.path);
            return fail(Code::bad_input, fmt::format("--{} {} is {}{} of this command; name another file", one.option,
                                                     one.path, other.what, also));
        }
        others.push_back(one);
    }
    return {};
}

}  // namespace fairway::cli
