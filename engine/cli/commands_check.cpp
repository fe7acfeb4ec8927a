// `check`: what is wrong with documents, each alone, and with each policy for each inventory? Nobody is asked.
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "engine/base/file.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/base/trusted_file.hpp"
#include "engine/base/yaml.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/connect.hpp"
#include "engine/cli/documents.hpp"
#include "engine/plan/contradictions.hpp"
#include "engine/plan/waves.hpp"
#include "engine/policy/inventory_document.hpp"
#include "engine/policy/policy_document.hpp"
#include "engine/policy/policy_shape.hpp"

namespace fairway::cli {
namespace {

// By the keys of its root, in whatever form of YAML it is written; what has none of either is judged as a policy.
bool is_inventory(const Source& source) {
    const Checked<Node> root = parse_yaml(source.text, source.file);
    if (!root || root->at("policy")) return false;
    for (const char* key : {"estate", "embedded", "directory", "hosts", "migration_domains"})
        if (root->at(key)) return true;
    return false;
}

// A file for `include`: it has nothing but what such a file may have.
bool is_included(const Source& source) {
    const Checked<Node> root = parse_yaml(source.text, source.file);
    const std::span<const Field> fields = included_shape().fields;
    const auto shared = [&](const Entry& entry) {
        return std::any_of(fields.begin(), fields.end(), [&](const Field& field) { return field.key == entry.key; });
    };
    return root && !root->entries.empty() && std::all_of(root->entries.begin(), root->entries.end(), shared);
}

// What the inventory names and what must be there when it is used. Nothing is read of a secret.
std::vector<std::string> wrong_files(const Inventory& inventory) {
    constexpr std::size_t most = 16u << 20;
    std::vector<std::string> out;
    const auto tell = [&](const Error& error) {
        if (std::find(out.begin(), out.end(), error.text) == out.end()) out.push_back(error.text);
    };
    const auto readable = [&](const std::string& file) {
        if (file.empty()) return;
        if (const auto read = read_file(file, most); !read) tell(read.error());
    };
    const auto secret = [&](const std::string& file) {
        if (const auto ours = is_secret_file(file); !ours) tell(ours.error());
    };
    const auto of = [&](const Credentials& credentials) {
        using Form = Credentials::Form;
        if (credentials.form == Form::password_file) secret(credentials.path);
        // MEMORY:name and the like are in no file.
        const auto kind = credentials.path.find(':');
        if (credentials.form == Form::keytab && credentials.path.find('/') < kind) secret(credentials.path);
        if (credentials.form != Form::certificate) return;
        readable(credentials.path);
        secret(credentials.key);
    };
    for (const Directory& directory : inventory.directories) {
        readable(directory.ca);
        of(directory.credentials);
    }
    const auto of_reach = [&](const Reach& reach) {
        if (reach.tls) readable(reach.tls->ca);
        of(reach.credentials);
    };
    if (inventory.embedded.empty()) {
        for (const Host& host : inventory.hosts) of_reach(host.reach);
        for (const HostSearch& search : inventory.searches) of_reach(search.reach);
    } else if (const auto reader = Connections(inventory, {}).reader(); !reader) {
        tell(reader.error());
    }
    return out;
}

// fairway@CORP.EXAMPLE of fairway@corp.example.; the same where it is right.
std::string with_real_realm(const std::string& principal) {
    const auto at = principal.rfind('@');
    if (at == std::string::npos) return principal;
    std::string out = principal;
    if (out.ends_with('.')) out.pop_back();
    std::transform(out.begin() + static_cast<std::ptrdiff_t>(at), out.end(),
                   out.begin() + static_cast<std::ptrdiff_t>(at),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return out;
}

// A realm that is no domain's as it is spelled: the domain controller is asked for it and says no, or nobody is found.
std::vector<std::string> odd_realms(const Inventory& inventory) {
    std::vector<std::string> out;
    const auto look = [&](const Credentials& credentials) {
        const std::string right = with_real_realm(credentials.principal);
        const std::string words =
            fmt::format("{}: `{}`: a realm of Active Directory is in upper case: write `{}`", inventory.file,
                        text::printable(credentials.principal), text::printable(right));
        if (right != credentials.principal && std::find(out.begin(), out.end(), words) == out.end())
            out.push_back(words);
    };
    const auto of_reach = [&](const Reach& reach) {
        const bool kerberos = reach.authentication == HostAuthentication::negotiate ||
                              reach.authentication == HostAuthentication::kerberos;
        if (kerberos) look(reach.credentials);
    };
    for (const Directory& directory : inventory.directories)
        if (directory.bind != Bind::simple) look(directory.credentials);
    for (const Host& host : inventory.hosts) of_reach(host.reach);
    for (const HostSearch& search : inventory.searches) of_reach(search.reach);
    return out;
}

class Check {
public:
    Answer run(const std::vector<std::string>& files) {
        out_.json["documents"] = Json::array();
        out_.json["diagnostics"] = Json::array();
        for (const std::string& file : files) document(file);
        for (const std::string& file : included_) included(file);
        for (const Inventory& inventory : inventories_)
            if (!inventory.searches.empty())
                out_.text += fmt::format("{}: its searches for hosts are not asked here; `fairway audit` asks them\n",
                                         inventory.file);
        out_.json["hints"] = Json::array();
        for (const Inventory& inventory : inventories_)
            for (const std::string& hint : odd_realms(inventory)) {
                out_.text += hint + "\n";
                out_.json["hints"].push_back(hint);
            }
        if (wrong_ > 0) return std::move(out_);
        for (const Policy& policy : policies_)
            for (const Inventory& inventory : inventories_) pair(policy, inventory);
        return std::move(out_);
    }

private:
    void complain(const Answer& answer) {
        out_.exit = answer.exit;
        out_.trouble += answer.trouble;
        ++wrong_;
        if (answer.json.contains("diagnostics"))
            for (const Json& one : answer.json["diagnostics"]) out_.json["diagnostics"].push_back(one);
    }

    template <class Document>
    void keep(const Source& source, std::string_view kind, Checked<Document> loaded, std::vector<Document>& into,
              const Texts& texts) {
        out_.json["documents"].push_back({{"file", source.file}, {"kind", kind}, {"ok", loaded.has_value()}});
        if (!loaded) return complain(trouble_in_files(loaded.error(), texts));
        out_.text += fmt::format("{}: {} ok\n", source.file, kind);
        into.push_back(std::move(*loaded));
    }

    void document(const std::string& file) {
        const auto source = read_document(file);
        if (!source) return complain(source.error());
        if (is_inventory(*source))
            return keep(*source, "inventory", fairway::load_inventory(source->text, file), inventories_,
                        {{file, source->text}});
        if (is_included(*source)) return included_.push_back(file);
        Texts texts;
        Checked<Policy> policy = policy_of(*source, texts);
        if (policy)
            if (Diagnostics wrong = contradictions(*policy); !wrong.empty()) policy = tl::unexpected(std::move(wrong));
        keep(*source, "policy", std::move(policy), policies_, texts);
    }

    // Its rules are checked where a policy includes it: what they mean is known there.
    void included(const std::string& file) {
        const std::filesystem::path name = std::filesystem::path(file).lexically_normal();
        const auto has_it = [&](const Policy& policy) {
            return std::any_of(policy.included.begin(), policy.included.end(), [&](const IncludedFile& one) {
                return std::filesystem::path(one.file).lexically_normal() == name;
            });
        };
        const bool checked = std::any_of(policies_.begin(), policies_.end(), has_it);
        out_.json["documents"].push_back({{"file", file}, {"kind", "included"}, {"ok", checked}});
        if (checked) out_.text += fmt::format("{}: included ok\n", file);
        else
            complain(
                trouble(Diagnostics{{.file = file,
                                     .place = {},
                                     .text = "rules without a policy are checked with one that includes them: name "
                                             "that policy too, and correct what else is wrong with it",
                                     .hint = {}}},
                        {}));
    }

    void pair(const Policy& policy, const Inventory& inventory) {
        if (const auto desired = bind(policy, inventory, system_now()); !desired) complain(desired.error());
        Diagnostics wrong;
        if (policy.rollout)
            if (auto knows = knows_its_hosts(*policy.rollout, inventory); !knows)
                wrong.push_back({.file = policy.file, .place = {}, .text = knows.error().text, .hint = {}});
        for (std::string& text : wrong_files(inventory))
            wrong.push_back({.file = inventory.file, .place = {}, .text = std::move(text), .hint = {}});
        if (!wrong.empty()) complain(trouble(wrong, {}));
    }

    Answer out_;
    std::vector<Policy> policies_;
    std::vector<std::string> included_;  // files for `include`
    std::vector<Inventory> inventories_;
    std::size_t wrong_ = 0;
};

}  // namespace

Answer check(const Request& request, const Stage&) { return Check().run(request.arguments); }

}  // namespace fairway::cli
