// See probe.hpp.
#include "engine/report/probe.hpp"

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace fairway::report {
namespace {

Paint paint_of(StepState state) {
    return state == StepState::good ? Paint::good : state == StepState::bad ? Paint::bad : Paint::warn;
}

std::string_view mark(StepState state) { return state == StepState::good ? "✓" : state == StepState::bad ? "✗" : "·"; }

}  // namespace

std::string text(const Probe& probe, const Style& style) {
    const ProbeStep* bad = probe.first_bad();
    std::string out = fmt::format("{}: {}\n", probe.host,
                                  bad ? style(Paint::bad, "stopped at " + bad->name) : style(Paint::good, "ready"));
    for (const ProbeStep& step : probe.steps)
        out += fmt::format("  {} {}  {}\n", style(paint_of(step.state), mark(step.state)), style.pad(step.name, 16),
                           step.state == StepState::untried ? "not tried" : fairway::text::printable(step.saw));
    return out;
}

Json json(const Probe& probe) {
    Json out = {{"host", probe.host}, {"ready", probe.first_bad() == nullptr}, {"steps", Json::array()}};
    for (const ProbeStep& step : probe.steps) {
        Json one = {{"step", step.name}, {"state", name(step.state)}, {"saw", step.saw}};
        if (step.state == StepState::bad) one["code"] = name(step.code);
        out["steps"].push_back(std::move(one));
    }
    return out;
}

}  // namespace fairway::report
