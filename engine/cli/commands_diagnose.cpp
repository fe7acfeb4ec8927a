// `diagnose`: why do moves fail? From event files, and from the estate where an inventory is given.
#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "engine/base/clock.hpp"
#include "engine/base/file.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/documents.hpp"
#include "engine/cli/live.hpp"
#include "engine/cli/moment.hpp"
#include "engine/cli/pair.hpp"
#include "engine/cli/providers.hpp"
#include "engine/cli/stamps.hpp"
#include "engine/diagnosis/side_by_side.hpp"
#include "engine/diagnosis/sights.hpp"
#include "engine/diagnosis/with_estate.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/report/causes.hpp"
#include "engine/report/layout.hpp"
#include "engine/report/path.hpp"
#include "engine/run/refusals.hpp"

namespace fairway::cli {
namespace {

constexpr std::size_t most_paths = 32;  // that are read of the estate for one diagnosis
constexpr std::int64_t seconds_of_a_day = 86'400;

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

// What all files say, and what a reader must know of each.
struct Gathered {
    std::vector<LogEvent> events = {};
    std::vector<std::string> notes = {};
    Json files = Json::array();
};

Gathered events_of(const std::vector<ReadFile>& files) {
    Gathered out;
    for (const ReadFile& file : files) {
        const EventFile& content = file.content;
        out.events.insert(out.events.end(), content.events.begin(), content.events.end());
        if (std::string note = shortcomings(file); !note.empty()) out.notes.push_back(std::move(note));
        out.files.push_back({{"file", file.name},
                             {"events", content.events.size()},
                             {"unreadable", content.unreadable},
                             {"cut", content.cut}});
    }
    return out;
}

// What a diagnosis reads beside what paths rest on.
std::vector<const Setting*> extra_facts() {
    std::vector<const Setting*> out = {&setting::host_running_migrations, &setting::host_cluster, &setting::host_build};
    for (const Setting* row : setting::migration_settings()) out.push_back(row);
    return out;
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

// The two hosts that were asked about, or the one; neither where only event files are read.
struct Asked {
    const Host* from = nullptr;
    const Host* to = nullptr;
};

Result<Asked> find_asked(const std::vector<std::string>& names, const Inventory& inventory) {
    if (names.empty()) return Asked{};
    if (names.size() == 1) {
        const Host* host = inventory.find(names[0]);
        if (host) return Asked{nullptr, host};
        return fail(Code::not_found, fmt::format("{} has no host {}", inventory.file, names[0]));
    }
    return find_pair(inventory, names[0], names[1]).map([](const Pair& pair) { return Asked{pair.from, pair.to}; });
}

// Of one host: to and from the others of its migration domain.
std::vector<Pair> pairs_of(const Host& host, const Inventory& inventory) {
    std::vector<Pair> out;
    for (const Host& other : inventory.hosts) {
        if (&other == &host || host.domain.empty() || other.domain != host.domain || out.size() >= most_paths) continue;
        out.push_back({&host, &other});
        out.push_back({&other, &host});
    }
    return out;
}

// Of one host: where moves to it start, a few of them, as each is asked.
constexpr std::size_t most_peers = 8;
std::vector<const Host*> peers_of(const Asked& asked, const Inventory& inventory) {
    std::vector<const Host*> out;
    if (asked.from || !asked.to) return out;
    for (const Pair& pair : pairs_of(*asked.to, inventory))
        if (pair.to == asked.to && out.size() < most_peers) out.push_back(pair.from);
    return out;
}

// What of one host's migration domain is too much for one diagnosis.
std::vector<std::string> peers_left_out(const Asked& asked, const Inventory& inventory) {
    if (asked.from || !asked.to || asked.to->domain.empty()) return {};
    const auto in_domain = [&](const Host& host) { return host.domain == asked.to->domain; };
    const auto others =
        static_cast<std::size_t>(std::count_if(inventory.hosts.begin(), inventory.hosts.end(), in_domain)) - 1;
    std::vector<std::string> out;
    if (others > most_peers)
        out.push_back(fmt::format("how {} of its {} peers resolve {}; of a pair: `fairway diagnose FROM {}`",
                                  others - most_peers, others, asked.to->name, asked.to->name));
    if (2 * others > most_paths)
        out.push_back(fmt::format("its paths from and to {} of its {} peers; `fairway audit` reads all",
                                  others - most_paths / 2, others));
    return out;
}

// Those that the events name.
std::vector<Pair> pairs_of(const Diagnosis& diagnosis, const Inventory& inventory) {
    std::vector<Pair> out;
    for (const Cause& cause : diagnosis.causes) {
        const auto pair = find_pair(inventory, cause.from, cause.to);
        const auto same = [&](const Pair& one) { return one.from == pair->from && one.to == pair->to; };
        if (pair && out.size() < most_paths && std::none_of(out.begin(), out.end(), same)) out.push_back(*pair);
    }
    return out;
}

// What was read of the estate for the diagnosis.
struct EstateSeen {
    std::vector<PairSeen> pairs = {};
    Snapshot snapshot = {};  // of the hosts that were asked about
    std::vector<Difference> differences = {};
};

Result<EstateSeen> read_estate(const Connections& connections, const Inventory& inventory, const Asked& asked,
                               const Diagnosis& diagnosis) {
    const std::vector<Pair> pairs = asked.from ? std::vector{Pair{asked.from, asked.to}}
                                    : asked.to ? pairs_of(*asked.to, inventory)
                                               : pairs_of(diagnosis, inventory);
    EstateSeen out;
    const auto take = [&](const std::vector<Pair>& some, const std::vector<const Setting*>& also) -> Result<void> {
        auto read = read_paths(some, inventory, connections, also);
        if (!read) return tl::unexpected(read.error());
        for (std::size_t i = 0; i < some.size(); ++i) {
            PairSeen seen{.path = std::move(read->paths[i])};
            if (seen.path.state == PathState::open) take_recent(some[i], connections, seen);
            out.pairs.push_back(std::move(seen));
        }
        out.snapshot = std::move(read->snapshot);
        return {};
    };
    if (asked.to) {
        const auto done = pairs.empty() ? Result<void>() : take(pairs, extra_facts());
        if (!done) return tl::unexpected(done.error());
        std::vector<std::string> hosts;
        for (const Host& host : inventory.hosts)
            if (out.snapshot.readings.contains({host.name, &setting::migration_enabled})) hosts.push_back(host.name);
        out.differences = side_by_side(out.snapshot, hosts);
        return out;
    }
    // Events may name hosts of several migration domains.
    for (const Pair& pair : pairs)
        if (const auto done = take({pair}, {}); !done) return tl::unexpected(done.error());
    return out;
}

// Both ends where two were asked for, either one where it was one.
bool is_about(const Cause& cause, const std::vector<std::string>& asked) {
    const auto fits = [](const std::string& host, const std::string& name) {
        return host.empty() || host == short_name(name);
    };
    if (asked.size() == 1) return fits(cause.from, asked[0]) || fits(cause.to, asked[0]);
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

// All of it, in text and as a result.
Answer answer_of(const Diagnosis& diagnosis, const EstateSeen& estate, const Gathered& gathered, const Stage& stage) {
    return {.exit = diagnosis.causes.empty() ? Exit::fine : Exit::changes,
            .text = stage.text([&] {
                std::string all = report::text(diagnosis, stage.style);
                all += report::text(estate.differences, stage.style);
                for (const PairSeen& pair : estate.pairs) all += report::starts_text(pair.path, stage.style);
                for (const std::string& note : gathered.notes) all += fmt::format("{}\n", text::printable(note));
                return all;
            }),
            .json = stage.json([&] {
                Json all = report::json(diagnosis);
                all["differences"] = report::json(estate.differences);
                all["starts"] = Json::array();
                for (const PairSeen& pair : estate.pairs) all["starts"].push_back(report::starts_json(pair.path));
                all["event_files"] = gathered.files;
                all["notes"] = gathered.notes;
                return all;
            }),
            .trouble = {}};
}

// What the command line asks for that cannot be; empty: nothing.
std::string unfit(const Request& request) {
    if (request.arguments.empty() && !request.has("events"))
        return "`diagnose` needs --events FILE, or hosts of an inventory";
    if (!request.arguments.empty() && !request.has("inventory") && !request.has("events"))
        return "`diagnose FROM TO` and `diagnose HOST` need --inventory FILE";
    if (request.arguments.size() == 1 && !request.has("inventory")) return "`diagnose HOST` needs --inventory FILE";
    if (request.has("plan") && (!request.has("policy") || !request.has("inventory") || request.get("plan") == "-"))
        return "--plan FILE needs --policy FILE and --inventory FILE, and a file to write";
    for (const std::string option : {"as", "since"})
        if (request.has(option) && (request.arguments.empty() || !request.has("inventory")))
            return fmt::format("--{} needs hosts of an inventory to look at", option);
    return {};
}

}  // namespace

Answer diagnose(const Request& request, const Stage& stage) {
    if (const std::string why = unfit(request); !why.empty()) return trouble(Exit::usage, "bad_input", why);
    std::int64_t since = system_now() - seconds_of_a_day;
    if (request.has("since")) {
        const auto given = moment(request, "since", "T00:00:00Z");
        if (!given) return trouble(given.error());
        since = *given;
    }
    const auto files = read_files(request.all("events"));
    if (!files) return trouble(files.error());
    Gathered gathered = events_of(*files);
    std::vector<std::string> hosts = request.arguments;
    std::optional<Inventory> inventory;
    Asked asked;
    if (request.has("inventory")) {
        auto loaded = load_inventory(request);
        if (!loaded) return loaded.error();
        inventory = std::move(*loaded);
        for (const Host& host : inventory->hosts) hosts.push_back(host.name);
        const auto found = find_asked(request.arguments, *inventory);
        if (!found) return trouble(Exit::usage, std::string(name(found.error().code)), found.error().text);
        asked = *found;
    }
    // One for all that is asked, so that nobody is signed on to twice.
    std::optional<Connections> connections;
    if (inventory) connections.emplace(*inventory, request.recording);
    std::optional<Live> live;
    std::vector<std::string> unread;
    if (asked.to) {
        live.emplace(*connections, stage);
        std::vector<const Host*> logged = {asked.to};
        if (asked.from) logged.insert(logged.begin(), asked.from);
        LogsSeen logs = live->logs(logged, since);
        std::move(logs.events.begin(), logs.events.end(), std::back_inserter(gathered.events));
        unread = std::move(logs.unread);
    }
    Diagnosis diagnosis = fairway::diagnose(gathered.events, hosts);
    std::erase_if(diagnosis.causes, [&](const Cause& cause) { return !is_about(cause, request.arguments); });
    EstateSeen estate;
    if (inventory) {
        auto read = read_estate(*connections, *inventory, asked, diagnosis);
        if (!read) return trouble(read.error());
        estate = std::move(*read);
        diagnosis = with_estate(std::move(diagnosis), estate.pairs);
        if (live)
            diagnosis = with_sights(
                std::move(diagnosis),
                live->sights({asked.from, asked.to, request.all("as"), peers_of(asked, *inventory)}, estate.snapshot));
        else if (!estate.pairs.empty()) diagnosis = without_sights(std::move(diagnosis));
    }
    if (inventory) {
        for (std::string& one : peers_left_out(asked, *inventory)) unread.push_back(std::move(one));
    }
    std::move(unread.begin(), unread.end(), std::back_inserter(diagnosis.not_looked_at));
    Answer out = answer_of(diagnosis, estate, gathered, stage);
    return request.has("plan") ? with_plan(std::move(out), diagnosis, request, stage) : out;
}

}  // namespace fairway::cli
