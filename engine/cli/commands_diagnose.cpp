// `diagnose`: why do moves fail? From event files, and from the estate where an inventory is given.
#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "engine/base/clock.hpp"
#include "engine/base/file.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/documents.hpp"
#include "engine/cli/pair.hpp"
#include "engine/cli/providers.hpp"
#include "engine/cli/stamps.hpp"
#include "engine/diagnosis/with_estate.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/report/causes.hpp"
#include "engine/report/layout.hpp"
#include "engine/run/refusals.hpp"

namespace fairway::cli {
namespace {

constexpr std::size_t most_paths = 32;  // that are read of the estate for one diagnosis

struct ReadFile {
    std::string name;
    EventFile content;
};

Result<std::vector<ReadFile>> read_files(const std::vector<std::string>& names) {
    std::vector<ReadFile> out;
    std::size_t events = 0;
    for (const std::string& name : names) {
        const auto bytes = read_file(name, largest_event_file);
        if (!bytes) return tl::unexpected(bytes.error());
        auto content = read_events(*bytes);
        if (!content) return fail(content.error().code, fmt::format("{}: {}", name, content.error().text));
        events += content->events.size();
        if (events > most_events)
            return fail(Code::bad_input,
                        fmt::format("the files have more than {} events together; give fewer of them", most_events));
        out.push_back({name, std::move(*content)});
    }
    return out;
}

// What a reader of the result must know of a file; empty: all of it was read.
std::string shortcomings(const ReadFile& file) {
    const EventFile& content = file.content;
    std::vector<std::string> out;
    if (content.cut)
        out.push_back(fmt::format("it ends in the middle of an event; {} of it were read",
                                  report::count(content.events.size(), "event")));
    if (content.unreadable > 0)
        out.push_back(
            fmt::format("{} of it cannot be read: {}", report::count(content.unreadable, "event"), content.why));
    if (content.without_parameters)
        out.push_back("it has only the messages of the events; export them as XML, or with ConvertTo-Json -Depth 4");
    return out.empty() ? std::string() : fmt::format("{}: {}", file.name, text::join(out, "; "));
}

// What a move rests on in the directory, where it changed so lately that the source may still remember a refusal.
void take_recent(const Pair& pair, const Connections& connections, PairSeen& seen) {
    const std::vector<Address> addresses = {{pair.from->name, &setting::delegation_services},
                                            {pair.from->name, &setting::delegation_protocol_transition},
                                            {pair.to->name, &setting::delegation_allowed_principals},
                                            {pair.to->name, &setting::spn_migration}};
    auto recent = recent_changes(connections, addresses, system_now(), refusal_remembered_s);
    if (recent) seen.recent = std::move(*recent);
    else seen.recent_unread = recent.error().text;
}

// The paths that the diagnosis is about, or the one that was asked for.
Result<std::vector<PairSeen>> read_pairs(const Request& request, const Inventory& inventory,
                                         const Diagnosis& diagnosis) {
    std::vector<Pair> pairs;
    if (!request.arguments.empty()) {
        const auto asked = find_pair(inventory, request.arguments[0], request.arguments[1]);
        if (!asked) return tl::unexpected(asked.error());
        pairs.push_back(*asked);
    } else {
        for (const Cause& cause : diagnosis.causes) {
            const auto pair = find_pair(inventory, cause.from, cause.to);
            const auto same = [&](const Pair& one) { return one.from == pair->from && one.to == pair->to; };
            if (pair && pairs.size() < most_paths && std::none_of(pairs.begin(), pairs.end(), same))
                pairs.push_back(*pair);
        }
    }
    std::vector<PairSeen> out;
    for (const Pair& pair : pairs) {
        auto read = read_path(pair, inventory, request.recording);
        if (!read) return tl::unexpected(read.error());
        PairSeen seen{.path = std::move(read->path)};
        if (seen.path.state == PathState::open) take_recent(pair, Connections(inventory, request.recording), seen);
        out.push_back(std::move(seen));
    }
    return out;
}

bool is_about(const Cause& cause, const std::vector<std::string>& asked) {
    const auto fits = [](const std::string& host, const std::string& name) {
        return host.empty() || host == short_name(name);
    };
    return asked.empty() || (fits(cause.from, asked[0]) && fits(cause.to, asked[1]));
}

// A plan of what would open the paths; what the policy does not want stays advice.
Answer with_plan(Answer said, const Diagnosis& diagnosis, const Request& request, const Stage& stage) {
    std::set<Address> fixes;
    for (const Cause& cause : diagnosis.causes) fixes.insert(cause.fixes.begin(), cause.fixes.end());
    if (fixes.empty()) {
        said.text += "No setting fixes these causes, so no plan was made.\n";
        return said;
    }
    Request planning = request;
    planning.arguments.clear();
    planning.options.erase("plan");
    planning.options["out"] = {request.get("plan")};
    Answer made = plan_only(planning, stage, &fixes);
    if (!made.trouble.empty()) {
        made.text.insert(0, said.text);
        return made;
    }
    said.text += fmt::format(
        "\nA plan of what the policy wants of {}:\n{}",
        text::some(fixes, 5, [](const Address& one) { return fmt::format("{} of {}", one.setting->name, one.object); }),
        made.text);
    said.json.update(made.json);
    return said;
}

}  // namespace

Answer diagnose(const Request& request, const Stage& stage) {
    if (request.arguments.size() == 1) return trouble(Exit::usage, "bad_input", "usage: fairway diagnose [FROM TO]");
    if (request.arguments.empty() && !request.has("events"))
        return trouble(Exit::usage, "bad_input", "`diagnose` needs --events FILE, or two hosts of an inventory");
    if (request.has("plan") && (!request.has("policy") || !request.has("inventory") || request.get("plan") == "-"))
        return trouble(Exit::usage, "bad_input",
                       "--plan FILE needs --policy FILE and --inventory FILE, and a file to write");
    const auto files = read_files(request.all("events"));
    if (!files) return trouble(files.error());
    std::vector<LogEvent> events;
    std::vector<std::string> notes, hosts = request.arguments;
    Json seen = Json::array();
    for (const ReadFile& file : *files) {
        events.insert(events.end(), file.content.events.begin(), file.content.events.end());
        if (std::string note = shortcomings(file); !note.empty()) notes.push_back(std::move(note));
        seen.push_back({{"file", file.name},
                        {"events", file.content.events.size()},
                        {"unreadable", file.content.unreadable},
                        {"cut", file.content.cut}});
    }
    std::optional<Inventory> inventory;
    if (request.has("inventory")) {
        auto loaded = load_inventory(request);
        if (!loaded) return loaded.error();
        inventory = std::move(*loaded);
        for (const Host& host : inventory->hosts) hosts.push_back(host.name);
    }
    if (inventory && !request.arguments.empty())
        if (const auto asked = find_pair(*inventory, request.arguments[0], request.arguments[1]); !asked)
            return trouble(Exit::usage, std::string(name(asked.error().code)), asked.error().text);
    Diagnosis diagnosis = fairway::diagnose(events, hosts);
    std::erase_if(diagnosis.causes, [&](const Cause& cause) { return !is_about(cause, request.arguments); });
    if (inventory) {
        const auto pairs = read_pairs(request, *inventory, diagnosis);
        if (!pairs) return trouble(pairs.error());
        diagnosis = with_estate(std::move(diagnosis), *pairs);
    } else if (!request.arguments.empty() && events.empty()) {
        return trouble(Exit::usage, "bad_input", "`diagnose FROM TO` needs --inventory FILE, or --events FILE");
    }
    Answer out{.exit = diagnosis.causes.empty() ? Exit::fine : Exit::changes,
               .text = stage.text([&] {
                   std::string all = report::text(diagnosis, stage.style);
                   for (const std::string& note : notes) all += fmt::format("{}\n", text::printable(note));
                   return all;
               }),
               .json = stage.json([&] {
                   Json all = report::json(diagnosis);
                   all["event_files"] = std::move(seen);
                   all["notes"] = notes;
                   return all;
               }),
               .trouble = {}};
    return request.has("plan") ? with_plan(std::move(out), diagnosis, request, stage) : out;
}

}  // namespace fairway::cli
