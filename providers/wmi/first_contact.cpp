// See first_contact.hpp.
#include "providers/wmi/first_contact.hpp"

#include <fmt/format.h>

#include "engine/model/catalogue.hpp"
#include "engine/model/host_facts.hpp"
#include "providers/wmi/contact/assumptions.hpp"
#include "providers/wmi/fleet.hpp"
#include "providers/wmi/probe.hpp"

namespace fairway::wmi {
namespace {

// The numbers of the exchanges that a row looks at.
std::vector<std::size_t> exchanges_of(const AssumptionRow& row, const Evidence& seen) {
    std::vector<std::size_t> out;
    for (const Question question : row.questions)
        if (const auto it = seen.heard.find(question); it != seen.heard.end())
            for (const Heard& one : it->second) out.push_back(one.number);
    return out;
}

// What the codec makes of the answers.
Readings values_of(const Host& host, const Evidence& seen) {
    Readings out;
    for (const CodecRow& row : codec_rows()) {
        const auto all = seen.instances(row.source);
        out.emplace(Address{host.name, row.setting},
                    all ? decode(row, distinct(*all, row.source)) : Reading(tl::unexpected(all.error())));
    }
    return out;
}

std::string note(const Recording& record, std::size_t number) {
    return number == 0 || number > record.notes().size() ? std::string() : record.notes()[number - 1].text;
}

}  // namespace

FirstContact first_contact(const Inventory& inventory, const Host& host, const SharedRecording& record) {
    FirstContact out;
    out.probe = probe(inventory, host, record);
    Fleet fleet(inventory, record);
    const std::size_t before = record->kept();
    auto line = fleet.line(host);
    const auto opened = line ? fleet.loop().run((*line)->open()) : Result<void>(tl::unexpected(line.error()));
    const std::string note_of_sign_on = record->kept() > before ? note(*record, before + 1) : std::string();
    if (!opened) {
        Evidence nothing;
        if (line) nothing.steps = (*line)->steps();
        nothing.note_of_sign_on = note_of_sign_on;
        for (const AssumptionRow& row : assumption_rows())
            out.assumptions.push_back(assumption(
                row, row.judge == judge::sign_on ? judge::sign_on(nothing) : untried("the host was not reached")));
        return out;
    }
    Evidence seen =
        ask_everything({fleet.loop(), [&](const Host& other) { return fleet.line(other); }}, **line, host, *record);
    seen.note_of_sign_on = note_of_sign_on;
    if (const auto it = seen.heard.find(Source::migration_setting); it != seen.heard.end())
        seen.note_of_message = note(*record, it->second.front().number);
    for (const AssumptionRow& row : assumption_rows()) {
        out.assumptions.push_back(assumption(row, row.judge(seen)));
        out.assumptions.back().exchanges = exchanges_of(row, seen);
    }
    out.values = values_of(host, seen);
    const Reading& build = out.values.at({host.name, &setting::host_build});
    if (build && *build) out.build = std::get<std::int64_t>(**build);
    return out;
}

}  // namespace fairway::wmi
