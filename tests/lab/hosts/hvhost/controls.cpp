// JSON in, JSON out. Changes made here go behind the back of everybody who plans.
#include "controls.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "estate_json.hpp"
#include "mischief.hpp"
#include "move.hpp"
#include "otherwise.hpp"

namespace lab {
namespace {

using nlohmann::json;

Reply ok(const json& answer = json::object()) { return {200, answer.dump() + "\n"}; }

Reply third_hand(Host& host, const json& change) {
    host.with([&](Host::State& state) {
        if (change.contains("settings")) merge_settings(change.at("settings"), state.settings);
        if (change.contains("more_addresses")) {
            state.more_addresses = change.at("more_addresses").get<std::vector<std::string>>();
        }
        if (change.contains("networks")) state.networks = read_networks(change.at("networks"));
    });
    host.changed();
    host.limit_changed();
    return ok();
}

// Which machines are there, by another's hand; and what an unfinished move left.
Reply set_machines(Host& host, const json& message) {
    host.with([&](Host::State& state) {
        if (message.contains("machines")) state.machines = read_machines(message.at("machines"));
        if (message.contains("planned")) state.planned = read_machines(message.at("planned"));
    });
    return ok();
}

json moves_of(const Host::State& state) {
    auto list = json::array();
    for (const auto& note : state.move_notes) {
        list.push_back({{"machine", note.machine},
                        {"destination", note.destination},
                        {"migration_type", note.migration_type},
                        {"transport", note.transport},
                        {"compression", note.compression},
                        {"resources", note.resources}});
    }
    return list;
}

Reply set_busy(Host& host, const json& busy) {
    host.with([&](Host::State& state) {
        state.active_migrations = busy.value("migrations", state.active_migrations);
        state.active_storage_migrations = busy.value("storage_migrations", state.active_storage_migrations);
    });
    return ok();
}

// Answers how many jobs have not ended yet.
Reply set_jobs(Host& host, const json& habits) {
    return ok(host.with([&](Host::State& state) {
        merge_jobs(habits, state.habits);
        state.jobs.keep_for(state.habits.keep);
        if (habits.value("release", false)) ++state.releases;
        if (habits.contains("moved")) {
            const auto of = habits.at("moved").get<std::string>();
            state.jobs.end(state.jobs.add({.class_name = "Msvm_MigrationJob",
                                           .caption = "Migrating Virtual Machine",
                                           .extra = {{"VirtualSystemName", of}}}),
                           std::nullopt);
        }
        return json{{"running", state.jobs.running()}};
    }));
}

Reply require_sealing(Host& host, const json& message) {
    host.with([&](Host::State& state) { state.sealing_required = message.at("required").get<bool>(); });
    return ok();
}

// One of several words; a test that misspells one must not go on.
std::string word_of(const json& message, const char* name, std::initializer_list<std::string_view> words) {
    auto word = message.at(name).get<std::string>();
    if (std::find(words.begin(), words.end(), word) == words.end()) {
        throw std::runtime_error(std::string(name) + " cannot be " + word);
    }
    return word;
}

Reply present(Host& host, const json& message) {
    auto use = word_of(message, "use", {"own", "expired", "wrong-name", "stranger"});
    host.with([&](Host::State& state) { state.presents = std::move(use); });
    return ok();
}

Reply bind_channel(Host& host, const json& message) {
    const auto level = word_of(message, "level", {"relaxed", "strict"});
    host.with([&](Host::State& state) { state.binding_required = level == "strict"; });
    return ok();
}

// {"name": null} leaves the cluster; {"service": {"State": …, "StartMode": …}} is its service, which a host that is of
// none may have too.
Reply set_cluster(Host& host, const json& message) {
    std::optional<ClusterService> service;
    if (message.contains("service")) {
        service = ClusterService{message.at("service").at("State"), message.at("service").at("StartMode")};
    }
    if (message.at("name").is_null()) {
        host.join(std::nullopt, service);
        return ok();
    }
    Cluster cluster{.name = message.at("name")};
    cluster.max_parallel_migrations = message.value("maximum_parallel_migrations", cluster.max_parallel_migrations);
    cluster.node = {message.value("node_state", std::uint64_t{0}), message.value("drain_status", std::uint64_t{0})};
    cluster.push_after = std::chrono::milliseconds(message.value("push_ms", cluster.push_after.count()));
    host.join(cluster, service ? service : ClusterService{});
    return ok();
}

Reply add_event(Host& host, const json& message) {
    Event event{.channel = message.value("channel", kVmmsAdmin),
                .provider = message.value("provider", kVmms),
                .id = message.at("id"),
                .level = message.value("level", 4U),
                .message = message.value("message", "")};
    const auto data = message.value("data", json::object());
    for (const auto& [name, text] : data.items()) event.data.emplace_back(name, text);
    const auto age = std::chrono::milliseconds(message.value("age_ms", std::int64_t{0}));
    event.when = std::chrono::system_clock::now() - age;
    host.events.add(std::move(event));
    return ok();
}

// A null `how` takes back what is still to come; the answer says whether something was.
Reply misbehave(Host& host, const json& message) {
    std::optional<Mischief> mischief;
    if (!message.at("how").is_null()) {
        mischief = Mischief{.how = message.at("how"), .next = message.value("next", 1U)};
        if (!is_mischief(mischief->how)) throw std::runtime_error("no misbehaviour is called " + mischief->how);
        mischief->before_winrm = is_before_winrm(mischief->how);
        mischief->method = message.value("method", "");
        if (mischief->next == 0) throw std::runtime_error("next counts from 1");
        mischief->delay = std::chrono::milliseconds(message.value("delay_ms", mischief->how == "slow" ? 3000 : 0));
    }
    const auto before = host.with([&](Host::State& state) { return std::exchange(state.mischief, mischief); });
    return ok({{"waiting", before.has_value()}});
}

// What checks and moves leave at this host as their destination, and how the next move from it dies.
Reply spoil_moves(Host& host, const json& message) {
    host.with([&](Host::State& state) {
        state.check_leaves_planned = message.value("check_leaves_planned", state.check_leaves_planned);
        state.move_leaves_planned = message.value("move_leaves_planned", state.move_leaves_planned);
        if (!message.contains("next_dies")) return;
        const auto& dies = message.at("next_dies");
        state.next_move_dies = Failure{dies.at("code").get<std::uint32_t>(), dies.at("text").get<std::string>()};
    });
    return ok();
}

// At once, or at a stage of the next move; nothing brings it back but {"when": "back"}.
Reply go_away(Host& host, const json& message) {
    const auto when = word_of(message, "when", {"now", "moving", "moved", "taken", "back"});
    host.with([&](Host::State& state) {
        state.gone = when == "now";
        state.goes_when = when == "now" || when == "back" ? "" : when;
    });
    return ok();
}

Reply limit_headers(Host& host, const json& message) {
    host.with([&](Host::State& state) { state.most_header_bytes = message.at("header_bytes").get<std::size_t>(); });
    return ok();
}

Reply guard_credentials(Host& host, const json& message) {
    host.with([&](Host::State& state) { state.credential_guard = message.at("running").get<bool>(); });
    return ok();
}

Reply set_clock(Host& host, const json& message) {
    host.with([&](Host::State& state) {
        state.clock_ahead = std::chrono::milliseconds(message.at("ahead_ms").get<std::int64_t>());
        state.refuses_tickets = message.value("refuses_tickets", false);
    });
    return ok();
}

// Whether something listens on the migration port, if the settings say so.
Reply set_listening(Host& host, const json& message) {
    host.with([&](Host::State& state) { state.migration_port_shut = !message.at("migration").get<bool>(); });
    host.changed();
    return ok();
}

// To which addresses the host resolves names, each time all that are not as they should be.
Reply set_resolver(Host& host, const json& message) {
    auto names = message.get<std::map<std::string, std::string>>();
    host.with([&](Host::State& state) {
        state.resolves = std::move(names);
        state.resolved.clear();
    });
    return ok();
}

Reply answer_pings(Host& host, const json& message) {
    host.with([&](Host::State& state) { state.pings_are_answered = message.at("answered").get<bool>(); });
    return ok();
}

Reply set_memory(Host& host, const json& message) {
    host.with([&](Host::State& state) {
        state.remembers_refusals = std::chrono::seconds(message.at("refusals_s").get<unsigned>());
        state.refusals.clear();
    });
    return ok();
}

// What an account may that is no administrator; it replaces what was said of that account before.
Reply set_rights(Host& host, const json& message) {
    Rights rights{message.at("groups").get<std::set<std::string>>(),
                  message.at("remote_enable").get<std::set<std::string>>()};
    host.with([&](Host::State& state) { state.rights[message.at("account")] = std::move(rights); });
    return ok();
}

Reply show_twice(Host& host, const json& message) {
    host.with([&](Host::State& state) { state.shows_twice = message.at("on").get<bool>(); });
    return ok();
}

Value shown_value(const json& value) {
    if (value.is_boolean()) return value.get<bool>();
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    if (value.is_array()) return value.get<std::vector<std::string>>();
    return value.get<std::string>();
}

// What is not as assumed; each time all of it.
Reply be_otherwise(Host& host, const json& message) {
    const auto words = message.value("words", std::set<std::string>{});
    for (const auto& word : words) {
        if (!is_otherwise(word)) throw std::runtime_error("no host is otherwise by the word " + word);
    }
    decltype(Host::State::shown) shown;
    const auto classes = message.value("shown", json::object());
    for (const auto& [name, properties] : classes.items()) {
        for (const auto& [property, value] : properties.items()) {
            shown[name][property] = value.is_null() ? std::nullopt : std::optional(shown_value(value));
        }
    }
    host.with([&](Host::State& state) {
        state.otherwise = words;
        state.shown = std::move(shown);
    });
    return ok();
}

Reply allow_ntlm(Host& host, const json& message) {
    host.with([&](Host::State& state) { state.ntlm_allowed = message.at("allowed").get<bool>(); });
    return ok();
}

json log_of(const Host::State& state) {
    auto list = json::array();
    for (const auto& note : state.log) {
        list.push_back({{"action", note.action},
                        {"resource", note.resource},
                        {"method", note.method},
                        {"filter", note.filter},
                        {"sealed", note.sealed},
                        {"tls", note.tls},
                        {"mechanism", note.mechanism},
                        {"bytes", note.bytes},
                        {"content", note.content}});
    }
    return list;
}

Reply fail_next(Host& host, const json& failure) {
    host.with([&](Host::State& state) {
        state.fail_next_job = Failure{failure.at("code").get<std::uint32_t>(), failure.at("text").get<std::string>()};
    });
    return ok();
}

}  // namespace

Reply control(Host& host, const std::string& path, const std::string& body) {
    if (path == "/lab/requests") return ok(host.with([](Host::State& state) { return json(state.requests); }));
    if (path == "/lab/log") return ok(host.with([](Host::State& state) { return log_of(state); }));
    if (path == "/lab/moves" && body.empty()) return ok(host.with([](Host::State& state) { return moves_of(state); }));
    if (path == "/lab/machines" && body.empty()) {
        return ok(host.with([](Host::State& state) {
            auto list = json::array();
            for (const auto& machine : state.machines) list.push_back(written(machine));
            return list;
        }));
    }
    if (path == "/lab/reset") {
        host.with([](Host::State& state) {
            state.requests.clear();
            state.log.clear();
            state.move_notes.clear();
        });
        return ok();
    }
    try {
        const auto message = json::parse(body);
        if (path == "/lab/third-hand") return third_hand(host, message);
        if (path == "/lab/jobs") return set_jobs(host, message);
        if (path == "/lab/busy") return set_busy(host, message);
        if (path == "/lab/machines") return set_machines(host, message);
        if (path == "/lab/fail-next") return fail_next(host, message);
        if (path == "/lab/require-sealing") return require_sealing(host, message);
        if (path == "/lab/certificate") return present(host, message);
        if (path == "/lab/event") return add_event(host, message);
        if (path == "/lab/misbehave") return misbehave(host, message);
        if (path == "/lab/cluster") return set_cluster(host, message);
        if (path == "/lab/credential-guard") return guard_credentials(host, message);
        if (path == "/lab/clock") return set_clock(host, message);
        if (path == "/lab/listen") return set_listening(host, message);
        if (path == "/lab/resolves") return set_resolver(host, message);
        if (path == "/lab/remember") return set_memory(host, message);
        if (path == "/lab/pings") return answer_pings(host, message);
        if (path == "/lab/moves") return spoil_moves(host, message);
        if (path == "/lab/gone") return go_away(host, message);
        if (path == "/lab/http-sys") return limit_headers(host, message);
        if (path == "/lab/rights") return set_rights(host, message);
        if (path == "/lab/twice") return show_twice(host, message);
        if (path == "/lab/otherwise") return be_otherwise(host, message);
        if (path == "/lab/ntlm") return allow_ntlm(host, message);
        if (path == "/lab/channel-binding") return bind_channel(host, message);
    } catch (const std::exception& wrong) {
        return {400, std::string(wrong.what()) + "\n"};
    }
    return {404, {}};
}

Reply migrate(Host& host, const Caller& caller, const std::string& path, const std::string& body) {
    host.count("migrate " + caller.principal);
    if (!caller.administrator) return {403, {}};
    try {
        const auto message = json::parse(body);
        if (path == "/lab/migrate/offer") return ok(answer_offer(host, message));
        if (path == "/lab/migrate/machine") return ok(take_machine(host, message));
    } catch (const json::exception& wrong) {
        return {400, std::string(wrong.what()) + "\n"};
    }
    return {404, {}};
}

}  // namespace lab
