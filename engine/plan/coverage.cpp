// See coverage.hpp.
#include "engine/plan/coverage.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

#include "engine/base/by_key.hpp"
#include "engine/base/json.hpp"
#include "engine/base/log.hpp"
#include "engine/base/text.hpp"
#include "engine/plan/selection.hpp"

namespace fairway {
namespace {

// How a plan says that a host was left out by choice.
constexpr std::string_view excepted = "--except ", not_named = "not among";

constexpr std::string_view of_domain = "migration_domain:", of_domain_formerly = "domain:";

Result<HostWord> host_word(const std::string& text) {
    const auto pattern_behind = [&](std::string_view prefix) { return text.substr(prefix.size()); };
    HostWord out{text, {Select::By::name, text}};
    if (text.starts_with("tag:")) out.select = {Select::By::tag, pattern_behind("tag:")};
    else if (text.starts_with(of_domain)) out.select = {Select::By::migration_domain, pattern_behind(of_domain)};
    else if (text.starts_with(of_domain_formerly)) {
        out = {fmt::format("{}{}", of_domain, pattern_behind(of_domain_formerly)),
               {Select::By::migration_domain, pattern_behind(of_domain_formerly)}};
        log::warn(fmt::format("`{}` is written `{}` now; the old form still works", text::printable(text),
                              text::printable(out.text)));
    }
    if (out.select.pattern.empty() || out.select.pattern.find(':') != std::string::npos)
        return fail(Code::bad_input,
                    fmt::format("`{}` names no host: write a name (with * and ?), tag:NAME or migration_domain:NAME",
                                text::printable(text)));
    return out;
}

// What was probably meant.
std::string nearest(const Inventory& inventory, const Select& select) {
    std::set<std::string_view> known;
    for (const Host& host : inventory.hosts) {
        if (select.by == Select::By::name) known.insert(host.name);
        if (select.by == Select::By::migration_domain) known.insert(host.domain);
        if (select.by == Select::By::tag) known.insert(host.tags.begin(), host.tags.end());
    }
    const std::vector<std::string_view> list(known.begin(), known.end());
    const std::string_view near = text::did_you_mean(select.pattern, list);
    return near.empty() ? std::string() : fmt::format(" (did you mean `{}`?)", text::printable(near));
}

// As it may be given again: "--host HV01,tag:rack-3"; empty where no word was given.
std::string option(std::string_view name, const std::vector<HostWord>& words) {
    std::vector<std::string> out;
    for (const HostWord& word : words) out.push_back(word.text);
    return words.empty() ? std::string() : fmt::format(" --{} {}", name, text::join(out, ","));
}

// An error that names its host first is the same cause at every host.
std::string cause(const Host& host, const std::string& error) {
    const std::string prefix = host.name + ": ";
    return error.starts_with(prefix) ? error.substr(prefix.size()) : error;
}

}  // namespace

Result<std::vector<HostWord>> host_words(const std::vector<std::string>& given) {
    std::vector<HostWord> out;
    for (const std::string& words : given)
        for (const std::string_view text : text::split(words, ',')) {
            auto word = host_word(std::string(text));
            if (!word) return tl::unexpected(word.error());
            out.push_back(std::move(*word));
        }
    return out;
}

Result<std::vector<const Host*>> hosts_named(const Inventory& inventory, const std::vector<HostWord>& words) {
    std::set<const Host*> named;
    for (const HostWord& word : words) {
        bool fits = false;
        for (const Host& host : inventory.hosts) {
            if (!selects(word.select, host)) continue;
            named.insert(&host);
            fits = true;
        }
        if (!fits)
            return fail(Code::bad_input, fmt::format("{} has no host {}{}", inventory.file, text::printable(word.text),
                                                     nearest(inventory, word.select)));
    }
    std::vector<const Host*> out;
    for (const Host& host : inventory.hosts)
        if (named.contains(&host)) out.push_back(&host);
    return out;
}

Result<void> cover(Inventory& inventory, const std::vector<HostWord>& only, const std::vector<HostWord>& except) {
    for (const auto* words : {&only, &except})
        if (const auto known = hosts_named(inventory, *words); !known) return tl::unexpected(known.error());
    const auto first_for = [](const std::vector<HostWord>& words, const Host& host) {
        return std::find_if(words.begin(), words.end(), [&](const HostWord& one) { return selects(one.select, host); });
    };
    const std::string only_words = option("host", only);
    bool any_left = false;
    for (Host& host : inventory.hosts) {
        const auto word = first_for(except, host);
        if (word != except.end()) host.not_covered = fmt::format("{}{}", excepted, word->text);
        else if (!only.empty() && first_for(only, host) == only.end())
            host.not_covered = fmt::format("{}{}", not_named, only_words);
        any_left = any_left || host.not_covered.empty();
    }
    if (any_left) return {};
    return fail(Code::bad_input,
                fmt::format("no host of {} is left with{}{}", inventory.file, only_words, option("except", except)));
}

bool leave_unreadable(Inventory& inventory, const Desired& desired, const Snapshot& snapshot) {
    std::map<std::string_view, const Error*> unread;
    for (const auto& [address, wants] : desired)
        if (const Reading& reading = snapshot.at(address); !reading)
            unread.try_emplace(address.object, &reading.error());
    for (Host& host : inventory.hosts)
        if (const auto it = unread.find(host.name); it != unread.end())
            host.not_covered = cause(host, it->second->text);
    return !unread.empty();
}

void cover_like(Inventory& inventory, const std::vector<NotCovered>& not_covered) {
    std::map<std::string_view, const std::string*> why;
    for (const NotCovered& group : not_covered)
        for (const std::string& name : group.hosts) why.emplace(name, &group.because);
    for (Host& host : inventory.hosts)
        if (const auto it = why.find(host.name); it != why.end()) host.not_covered = *it->second;
}

std::vector<NotCovered> by_choice(std::vector<NotCovered> not_covered) {
    std::erase_if(not_covered, [](const NotCovered& group) {
        return !group.because.starts_with(excepted) && !group.because.starts_with(not_named);
    });
    return not_covered;
}

std::size_t covered(const Inventory& inventory) {
    return static_cast<std::size_t>(std::count_if(inventory.hosts.begin(), inventory.hosts.end(),
                                                  [](const Host& host) { return host.not_covered.empty(); }));
}

std::vector<NotCovered> not_covered(const Inventory& inventory) {
    std::vector<NotCovered> out;
    for (const auto& group :
         by_key(inventory.hosts, [](const Host& host) { return std::string_view(host.not_covered); })) {
        if (group.front()->not_covered.empty()) continue;
        NotCovered& one = out.emplace_back(NotCovered{group.front()->not_covered, {}});
        for (const Host* host : group) one.hosts.push_back(host->name);
    }
    return out;
}

Json to_json(const std::vector<NotCovered>& all) {
    Json out = Json::array();
    for (const NotCovered& group : all) out.push_back({{"because", group.because}, {"hosts", group.hosts}});
    return out;
}

NotCovered not_covered_from(Fields fields) {
    fields.only({"because", "hosts"});
    NotCovered out{fields.text("because"), fields.texts("hosts")};
    return out;
}

}  // namespace fairway
