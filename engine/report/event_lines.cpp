// See event_lines.hpp.
#include "engine/report/event_lines.hpp"

#include <array>

#include "engine/base/clock.hpp"
#include "engine/base/json.hpp"
#include "engine/report/address.hpp"
#include "engine/report/gates.hpp"
#include "engine/report/result_shapes.hpp"

namespace fairway::report {
namespace {

std::string_view name_of(Event::Kind kind) {
    constexpr std::array<std::string_view, 5> names = {"started", "phase", "intent", "written", "outcome"};
    return names.at(static_cast<std::size_t>(kind));
}

}  // namespace

Json event_json(const Event& event) {
    Json out = event.change ? address_json(event.change->address) : Json::object();
    out["event"] = name_of(event.kind);
    out["run"] = event.run;
    out["recorded"] = event.recorded;
    out["of"] = event.of;
    if (event.phase) out["phase"] = title(*event.phase);
    if (event.estimate) {
        out["changes"] = event.phase->changes.size();
        out["phase_ms"] = event.estimate->phase_ms;
        out["undo_ms"] = event.estimate->undo_ms;
        out["assumed"] = event.estimate->assumed;
    }
    if (event.kind == Event::Kind::recorded) out["outcome"] = name(event.outcome);
    if (!event.complaint.empty()) out["complaint"] = event.complaint;
    return out;
}

Json event_json(const std::string& run, const GateSeen& seen) {
    Json out = json(seen);
    out["event"] = "gate";
    out["run"] = run;
    return out;
}

Json waiting_json(std::string_view what, std::int64_t deadline) {
    return {{"event", "waiting"}, {"for", what}, {"deadline", show_time(deadline)}};
}

Json end_json(const Applied& applied) {
    Json out = {{"event", "end"},          {"run", applied.run},   {"ending", name(applied.ending)},
                {"changed", applied.done}, {"left", applied.left}, {"because", applied.because}};
    if (applied.reason) out["reason"] = name(*applied.reason);
    return out;
}

std::string event_schema() {
    using namespace shape;
    const Json text = type("string"), number = type("integer"), yes = type("boolean");
    const Json any =
        map({{"event", one_of({"started", "phase", "intent", "written", "outcome", "gate", "waiting", "end"})},
             {"time", text},
             {"run", text, false},
             {"rolls_back", text, false},
             {"recorded", number, false},
             {"of", number, false},
             {"phase", text, false},
             {"changes", number, false},
             {"phase_ms", number, false},
             {"undo_ms", number, false},
             {"assumed", yes, false},
             {"kind", kinds(), false},
             {"object", text, false},
             {"setting", text, false},
             {"outcome", one_of({"done", "not_done", "torn", "in_doubt", "unanswered"}), false},
             {"complaint", text, false},
             {"gate", gates(), false},
             {"passed", yes, false},
             {"saw", list(text), false},
             {"for", text, false},
             {"deadline", text, false},
             {"ending", endings(), false},
             {"reason", reasons(), false},
             {"changed", number, false},
             {"left", number, false},
             {"because", text, false}});
    Json out = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                {"title", "A line that `fairway apply --events` writes"}};
    out.update(any);
    return print_json(out);
}

}  // namespace fairway::report
