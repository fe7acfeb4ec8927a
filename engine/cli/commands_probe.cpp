// The command that tries to reach hosts and says what it saw, and tries there what is assumed of Windows. It writes
// nothing on them; a rehearsed write is in commands_rehearse.cpp.
#include <fmt/format.h>
#include <set>

#include "engine/base/file.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/connect.hpp"
#include "engine/cli/contacts.hpp"
#include "engine/cli/documents.hpp"
#include "engine/cli/record.hpp"
#include "engine/report/assumptions.hpp"
#include "engine/report/probe.hpp"

namespace fairway::cli {
namespace {

Answer out_of(const Error& error) { return trouble(Exit::usage, std::string(name(error.code)), error.text); }

void take(const Probe& seen, Answer& out) {
    if (const ProbeStep* bad = seen.first_bad(); bad && out.exit == Exit::fine) out.exit = exit_for(bad->code);
}

Answer reach(const std::vector<const Host*>& hosts, const Connections& connections, const Stage& stage) {
    Answer out;
    out.json = {{"probes", Json::array()}};
    for (const Host* host : hosts) {
        const auto seen = connections.probe(*host);
        if (!seen) return out_of(seen.error());
        stage.say(report::text(*seen, stage.style));
        out.json["probes"].push_back(report::json(*seen));
        take(*seen, out);
    }
    return out;
}

// Of each domain that holds the account of one of these hosts, once.
Result<std::vector<DirectoryContact>> assume_of_directories(const std::vector<const Host*>& hosts,
                                                            const Connections& connections, const Stage& stage,
                                                            const Inventory& inventory) {
    std::vector<DirectoryContact> out;
    std::set<std::string> seen;
    for (const Host* host : hosts) {
        if (inventory.directories.empty() || !seen.insert(host->account_domain).second) continue;
        auto contact = connections.directory_contact(*host);
        if (!contact) return tl::unexpected(contact.error());
        stage.say(report::text(*contact, stage.style));
        out.push_back(std::move(*contact));
    }
    return out;
}

// A refuted assumption tells more than a host that could not be reached.
Answer assume(const std::vector<const Host*>& hosts, const Connections& connections, const Stage& stage,
              const Request& request, const Inventory& inventory, Recording& record) {
    const std::string file = request.has("out") ? request.get("out") : "fairway-contact.json";
    Answer out;
    out.json = {{"probes", Json::array()}, {"contact_file", file}};
    std::vector<FirstContact> contacts;
    bool refuted = false;
    for (const Host* host : hosts) {
        auto seen = connections.first_contact(*host);
        if (!seen) return out_of(seen.error());
        stage.say(report::text(*seen, stage.style));
        out.json["probes"].push_back(report::json(*seen));
        take(seen->probe, out);
        refuted = refuted || seen->count(Tried::refuted) > 0;
        contacts.push_back(std::move(*seen));
    }
    const auto directories = assume_of_directories(hosts, connections, stage, inventory);
    if (!directories) return out_of(directories.error());
    out.json["directories"] = Json::array();
    for (const DirectoryContact& one : *directories) {
        out.json["directories"].push_back(report::json(one));
        if (one.stopped && out.exit == Exit::fine) out.exit = exit_for(one.stopped->code);
        refuted = refuted || one.count(Tried::refuted) > 0;
    }
    constexpr mode_t ours_alone = 0600;
    const std::string text = report::contact_file(contacts, *directories, record, FAIRWAY_VERSION);
    if (const auto written = write_file_atomically(file, text, ours_alone); !written) return trouble(written.error());
    stage.say(
        fmt::format("Wrote the list and {} exchanges to {}: names, texts, paths, addresses and identifiers were "
                    "replaced. Read it, then send it back.\n",
                    record.notes().size(), text::printable(file)));
    out.trouble = remember(request, inventory, contacts);
    if (refuted) out.exit = Exit::not_verified;
    return out;
}

}  // namespace

Answer probe(const Request& request, const Stage& stage) {
    if (request.has("out") && !request.has("assume"))
        return trouble(Exit::usage, "bad_input", "--out names the file that --assume writes; give --assume as well");
    if (request.has("rehearse-write") && request.has("assume"))
        return trouble(Exit::usage, "bad_input",
                       "--assume reads alone and --rehearse-write writes; give one after the other");
    if (request.has("rehearse-write")) return rehearse(request, stage);
    Request with_record = request;
    if (request.has("assume")) {
        if (!with_record.recording) with_record.recording = Recording::in_memory();
        with_record.recording->remember();
    }
    const auto inventory = load_inventory(with_record);
    if (!inventory) return inventory.error();
    std::vector<const Host*> hosts;
    for (const std::string& name : request.arguments) {
        const Host* host = inventory->find(name);
        if (!host) return trouble(Exit::usage, "not_found", fmt::format("{} has no host {}", inventory->file, name));
        hosts.push_back(host);
    }
    const Connections connections(*inventory, with_record.recording);
    if (!request.has("assume")) return reach(hosts, connections, stage);
    return assume(hosts, connections, stage, request, *inventory, *with_record.recording);
}

}  // namespace fairway::cli
