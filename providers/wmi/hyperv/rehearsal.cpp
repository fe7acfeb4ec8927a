// See rehearsal.hpp.
#include "providers/wmi/hyperv/rehearsal.hpp"

#include <array>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "engine/model/host_facts.hpp"
#include "providers/wmi/hyperv/migration_service.hpp"

namespace fairway::wmi {
namespace {

enum Act : std::size_t { setting, migrations, unchanged, writing, read_back };
constexpr std::array<std::string_view, 5> act_names = {"setting", "migrations", "unchanged", "write", "read back"};
constexpr Source rehearsed = Source::migration_setting;

std::string shown(const cim::Property* property) {
    return property == nullptr || property->null ? "nothing" : text::join(property->values, ", ");
}

// What one instance holds and the other does not, in words; empty: they hold the same.
std::string difference(const cim::Instance& before, const cim::Instance& after) {
    for (const TypeRow& type : types_of(rehearsed)) {
        const std::string was = shown(before.find(type.property)), is = shown(after.find(type.property));
        if (was != is) return fmt::format("{} was {} and is {}", type.property, was, is);
    }
    return {};
}

class Rehearsal {
public:
    Rehearsal(MigrationService& service, Probe& out) : service_(service), out_(out) {}

    void run() {
        const auto first = service_.read_only(rehearsed);
        if (!first) return bad(setting, first.error());
        good(setting,
             fmt::format("{} properties of {} are read", types_of(rehearsed).size(), class_row(rehearsed).name));
        if (!idle()) return;
        const auto now = service_.read_only(rehearsed);
        if (!now) return bad(unchanged, now.error());
        if (const std::string other = difference(*first, *now); !other.empty())
            return bad(unchanged, {Code::stale, other + ": somebody else writes there; nothing was written"});
        good(unchanged, "read twice, the same");
        if (write(*now)) look_again(*now);
    }

private:
    void good(Act act, std::string saw) {
        out_.steps[act].state = StepState::good;
        out_.steps[act].saw = std::move(saw);
    }
    void bad(Act act, const Error& error) {
        out_.steps[act] = {std::string(act_names.at(act)), StepState::bad, error.text, error.code};
    }

    // The whole instance goes back, authentication included; so a rehearsal waits for migrations to end.
    bool idle() {
        const auto service = service_.read(Source::migration_service);
        const auto running = service ? decode(*codec_row(setting::host_running_migrations), *service)
                                     : Result<Held>(tl::unexpected(service.error()));
        if (!running || !*running) {
            bad(migrations,
                running ? Error{Code::unsupported, "the host does not say whether migrations run"} : running.error());
            return false;
        }
        const auto count = std::get<std::int64_t>(**running);
        if (count > 0)
            bad(migrations, {Code::refused, fmt::format("{} run; try again when they are over, nothing was written",
                                                        count == 1 ? "1 migration" : std::to_string(count))});
        else good(migrations, "none runs");
        return count == 0;
    }

    bool write(const cim::Instance& now) {
        const auto text = cim::to_text(typed(now, types_of(rehearsed)));
        if (!text) {
            bad(writing, text.error());
            return false;
        }
        const Modify& modify = class_row(rehearsed).modify;
        const soap::Argument argument{modify.argument, *text};
        const auto end = service_.perform(modify.method, {&argument, 1}, setting_deadline);
        if (!end) bad(writing, end.error());
        else good(writing, fmt::format("{} took the setting back: {}", modify.method, end->detail));
        return end.has_value();
    }

    void look_again(const cim::Instance& before) {
        const auto after = service_.read_only(rehearsed);
        if (!after) return bad(read_back, after.error());
        if (const std::string other = difference(before, *after); !other.empty())
            return bad(read_back,
                       {Code::stale, other + ": somebody else changed it meanwhile, or the host did; nothing more was "
                                             "written, look at it there"});
        good(read_back, "equal to what was there");
    }

    MigrationService& service_;
    Probe& out_;
};

}  // namespace

Probe rehearse(const SharedHosts& hosts, const std::string& name, Pace pace) {
    Probe out{.host = name, .steps = {}};
    for (const std::string_view act : act_names) out.steps.push_back({.name = std::string(act), .saw = {}});
    const Host* host = hosts->find(name);
    const auto channel =
        host ? hosts->channel(*host) : tl::unexpected(Error{Code::not_found, "is not in the inventory"});
    if (!channel) {
        out.steps.front() = {out.steps.front().name, StepState::bad, channel.error().text, channel.error().code};
        return out;
    }
    MigrationService service(**channel, std::move(pace), host->name, hosts->seen(*host));
    Rehearsal(service, out).run();
    return out;
}

}  // namespace fairway::wmi
