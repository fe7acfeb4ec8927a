// The shape of the tree, held by reading include lines: who may know whom, and one door for each library.
#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>

namespace fs = std::filesystem;

namespace {

struct Include {
    std::string file, target;
    bool system = false;
};

std::vector<Include> includes_below(const std::string& folder) {
    static const std::regex line_form(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
    std::vector<Include> out;
    const fs::path top = FAIRWAY_SOURCE_DIR;
    for (const auto& entry : fs::recursive_directory_iterator(top / folder)) {
        const std::string extension = entry.path().extension().string();
        if (extension != ".cpp" && extension != ".hpp") continue;
        std::ifstream in(entry.path());
        std::smatch found;
        for (std::string line; std::getline(in, line);)
            if (std::regex_search(line, found, line_form))
                out.push_back({fs::relative(entry.path(), top).string(), found[2], found[1] == "<"});
    }
    return out;
}

// The folder, or the file itself where it stands beside the folders of engine/.
std::string room(const std::string& path) {
    const std::string folder = fs::path(path).parent_path().string();
    return folder == "engine" ? path : folder;
}

using Rooms = std::set<std::string>;

// Holds every include of ours below `top` to what its folder may know. Returns how many there are.
std::size_t hold(const std::string& top, const std::map<std::string, Rooms>& may_know) {
    std::size_t seen = 0;
    for (const Include& include : includes_below(top)) {
        const std::string from = room(include.file), to = room(include.target);
        if (include.system || from == "engine/cli" || from == to) continue;
        INFO(include.file, " includes ", include.target);
        REQUIRE(may_know.contains(from));
        CHECK(may_know.at(from).contains(to));
        ++seen;
    }
    return seen;
}

Rooms operator+(Rooms a, const Rooms& b) {
    a.insert(b.begin(), b.end());
    return a;
}

}  // namespace

TEST_CASE("a folder knows only the folders below it") {
    const Rooms model = {"engine/base", "engine/model"};
    const Rooms names = model + Rooms{"engine/names"};
    const Rooms plan = names + Rooms{"engine/paths", "engine/plan"};
    const Rooms run = plan + Rooms{"engine/journal", "engine/provider.hpp"};
    CHECK(hold("engine", {{"engine/base", {}},
                          {"engine/model", model},
                          {"engine/provider.hpp", model},
                          {"engine/names", names},
                          {"engine/policy", names},
                          {"engine/paths", names},
                          {"engine/plan", plan},
                          {"engine/journal", plan},
                          {"engine/run", run},
                          {"engine/report", run + Rooms{"engine/run"}}}) > 100);
}

TEST_CASE("a provider knows the port, the model, the base and sign-on, and itself from the bottom up") {
    const Rooms port = {"engine/provider.hpp", "engine/model", "engine/base"};
    const Rooms wsman = port + Rooms{"providers/wmi/wsman"};
    const Rooms sign_on = port + Rooms{"providers/sign_on"};
    const Rooms identity = sign_on + Rooms{"providers/ldap/wire", "providers/ldap/identity"};
    const Rooms accounts = identity + Rooms{"providers/ldap/controller", "providers/ldap/accounts"};
    CHECK(hold("providers",
               {{"providers/sign_on", port},
                {"providers/memory", port},
                {"providers/wmi/wsman", port},
                {"providers/wmi/transport", wsman + sign_on},
                {"providers/wmi/events", wsman},
                {"providers/wmi/hyperv", wsman},
                {"providers/wmi", wsman + Rooms{"providers/wmi/transport", "providers/wmi/events", "providers/wmi/hyperv"}},
                {"providers/ldap/wire", sign_on},
                {"providers/ldap/identity", identity},
                {"providers/ldap/controller", identity},
                {"providers/ldap/accounts", accounts},
                {"providers/ldap/recall", accounts},
                {"providers/ldap", accounts + Rooms{"providers/ldap/recall"}}}) > 100);
}

TEST_CASE("one library, one door") {
    // A library by the beginning of its headers, and the only files that may include it.
    const std::map<std::string, std::set<std::string>> doors = {
        {"yaml-cpp/", {"engine/base/yaml.cpp"}},      {"nlohmann/", {"engine/base/json.hpp"}},
        {"spdlog/", {"engine/base/log.cpp"}},         {"openssl/evp", {"engine/base/digest.cpp"}},
        {"openssl/crypto", {"engine/base/file.cpp"}}, {"tl/", {"engine/base/error.hpp"}},
        {"sqlite3.h", {"engine/journal/sqlite.cpp"}}, {"boost/program_options", {"engine/cli/options.cpp"}},
        {"boost/beast", {"providers/wmi/transport/asio.hpp"}},  {"boost/asio", {"providers/wmi/transport/asio.hpp"}},
        {"openssl/ssl", {"providers/sign_on/openssl.hpp"}}, {"openssl/x509", {"providers/sign_on/openssl.hpp"}},
        {"openssl/err", {"providers/sign_on/openssl.hpp"}}, {"pugixml", {"providers/wmi/wsman/xml.cpp"}},
        {"gssapi/", {"providers/sign_on/gss_library.hpp"}}, {"krb5", {"providers/sign_on/gss_library.hpp"}},
        {"ldap.h", {"providers/ldap/wire/library.hpp"}},   {"lber.h", {"providers/ldap/wire/library.hpp"}},
    };
    std::map<std::string, std::size_t> used;
    std::vector<Include> all = includes_below("engine");
    for (Include& include : includes_below("providers")) all.push_back(std::move(include));
    for (const Include& include : all) {
        if (!include.system) continue;
        for (const auto& [library, files] : doors) {
            if (!include.target.starts_with(library)) continue;
            INFO(include.file, " includes ", include.target);
            CHECK(files.contains(include.file));
            ++used[library];
        }
    }
    for (const char* library : {"yaml-cpp/", "nlohmann/", "sqlite3.h", "pugixml", "boost/beast", "ldap.h"}) {
        INFO(library);
        CHECK(used[library] > 0);
    }
    // Nothing from outside comes in by another way: every third-party header has a door above.
    const std::regex ours_or_standard(
        R"(^(fmt/|[a-z_]+$|sys/|arpa/|netinet/|netdb\.h|resolv\.h|fcntl\.h|unistd\.h|pwd\.h|poll\.h|signal\.h|langinfo\.h|spawn\.h|time\.h))");
    for (const Include& include : all) {
        const bool door = std::any_of(doors.begin(), doors.end(),
                                      [&](const auto& one) { return include.target.starts_with(one.first); });
        INFO(include.file, " includes ", include.target);
        CHECK((!include.system || door || std::regex_search(include.target, ours_or_standard)));
    }
}

TEST_CASE("what is behind a door stays there") {
    // A header that belongs to a few files, and how their names begin.
    const std::map<std::string, std::set<std::string>> behind = {
        {"providers/sign_on/gss_library.hpp", {"providers/sign_on/gss_"}},
        {"providers/sign_on/gss_realm.hpp", {"providers/sign_on/gss_"}},
        {"providers/sign_on/gss_security.hpp", {"providers/sign_on/gss_"}},
        {"providers/sign_on/gss_words.hpp", {"providers/sign_on/gss_"}},
        {"providers/sign_on/openssl.hpp",
         {"providers/sign_on/distrust.cpp", "providers/sign_on/channel_binding.cpp", "providers/wmi/transport/tls.cpp"}},
        {"providers/ldap/wire/library.hpp",
         {"providers/ldap/wire/session.cpp", "providers/ldap/wire/messages.cpp", "providers/ldap/wire/anonymous.cpp",
          "providers/ldap/wire/diagnosis.cpp", "providers/ldap/controller/site.cpp", "providers/ldap/wire/seal.cpp"}},
        {"providers/wmi/transport/wire.hpp", {"providers/wmi/transport/line", "providers/wmi/transport/wire.cpp"}},
    };
    std::map<std::string, std::size_t> used;
    for (const char* folder : {"engine", "providers"})
        for (const Include& include : includes_below(folder)) {
            const auto door = behind.find(include.target);
            if (include.system || door == behind.end()) continue;
            INFO(include.file, " includes ", include.target);
            CHECK(std::any_of(door->second.begin(), door->second.end(),
                              [&](const std::string& whose) { return include.file.starts_with(whose); }));
            ++used[include.target];
        }
    CHECK(used.size() == behind.size());
}

TEST_CASE("a file opens by saying what it is for, and stays small") {
    const fs::path top = FAIRWAY_SOURCE_DIR;
    for (const char* folder : {"engine", "providers"})
        for (const auto& entry : fs::recursive_directory_iterator(top / folder)) {
            const std::string extension = entry.path().extension().string();
            if (extension != ".cpp" && extension != ".hpp") continue;
            std::ifstream in(entry.path());
            std::string line;
            std::getline(in, line);
            INFO(fs::relative(entry.path(), top).string());
            CHECK(line.starts_with("// "));
            std::size_t lines = 1;
            while (std::getline(in, line)) ++lines;
            CHECK(lines <= 420);
        }
}

TEST_CASE("all that is printed goes through base/screen") {
    // What is no text: a signal's note, questions about the descriptors, and the descriptors of a child.
    const std::set<std::string> may = {"engine/base/screen.cpp", "engine/cli/interrupt.cpp", "engine/cli/output.cpp",
                                       "engine/base/file.cpp", "providers/sign_on/secret_reader.cpp"};
    const std::regex prints(R"(\b(fputs|puts|printf|fprintf|fwrite)\(|\bfmt::print\(|std::c(out|err|log)\b|STD(OUT|ERR)_FILENO|\bstdout_sink|\bstderr_sink)");
    const fs::path top = FAIRWAY_SOURCE_DIR;
    std::size_t seen = 0;
    for (const char* folder : {"engine", "providers"})
        for (const auto& entry : fs::recursive_directory_iterator(top / folder)) {
            const std::string file = fs::relative(entry.path(), top).string();
            if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
            std::ifstream in(entry.path());
            for (std::string line; std::getline(in, line);) {
                if (!std::regex_search(line.substr(0, line.find("//")), prints)) continue;
                INFO(file, ": ", line);
                CHECK((may.contains(file) || line.find("isatty") != std::string::npos));
                ++seen;
            }
        }
    CHECK(seen > 5);
}
