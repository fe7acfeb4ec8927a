// JSON in, JSON out. Changes made here go behind the back of everybody who plans.
#include "controls.hpp"

#include <nlohmann/json.hpp>

#include "estate_json.hpp"
#include "move.hpp"

namespace lab {
namespace {

using nlohmann::json;

Reply ok(const json& answer = json::object()) { return {200, answer.dump() + "\n"}; }

Reply third_hand(Host& host, const json& change) {
    host.with([&](Host::State& state) {
        if (change.contains("settings")) merge_settings(change.at("settings"), state.settings);
        if (change.contains("networks")) state.networks = read_networks(change.at("networks"));
    });
    host.changed();
    return ok();
}

Reply set_busy(Host& host, const json& busy) {
    host.with([&](Host::State& state) {
        state.active_migrations = busy.value("migrations", state.active_migrations);
        state.active_storage_migrations = busy.value("storage_migrations", state.active_storage_migrations);
    });
    return ok();
}

Reply set_jobs(Host& host, const json& habits) {
    host.with([&](Host::State& state) {
        merge_jobs(habits, state.habits);
        state.jobs.keep_for(state.habits.keep);
    });
    return ok();
}

Reply require_sealing(Host& host, const json& message) {
    host.with([&](Host::State& state) { state.sealing_required = message.at("required").get<bool>(); });
    return ok();
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
    if (path == "/lab/reset") {
        host.with([](Host::State& state) { state.requests.clear(); });
        return ok();
    }
    try {
        const auto message = json::parse(body);
        if (path == "/lab/third-hand") return third_hand(host, message);
        if (path == "/lab/jobs") return set_jobs(host, message);
        if (path == "/lab/busy") return set_busy(host, message);
        if (path == "/lab/fail-next") return fail_next(host, message);
        if (path == "/lab/require-sealing") return require_sealing(host, message);
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
