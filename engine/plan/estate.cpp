// See estate.hpp.
#include "engine/plan/estate.hpp"

#include <fmt/format.h>
#include <set>

#include "engine/paths/closed.hpp"

namespace fairway {

std::vector<EstateFinding> closed_paths(const std::vector<Mesh>& outlook, const std::vector<Matrix>& closed,
                                        const std::vector<Finding>& findings) {
    // What is asked for is done in the outlook; of what is not, its own finding says why.
    std::set<Address> spoken_of;
    for (const Finding& finding : findings)
        if (finding.verdict != Verdict::compliant && finding.verdict != Verdict::drifted)
            spoken_of.insert(finding.address);
    std::vector<EstateFinding> out;
    for (const ClosedPaths& one :
         closed_by_cause(outlook, closed, [&](const Address& address) { return spoken_of.contains(address); }))
        out.push_back({.fault = EstateFault::paths_closed,
                       .object = one.host.empty() ? one.domain : one.host,
                       .dn = {},
                       .condition = std::string(one.condition),
                       .paths = one.paths,
                       .because = fmt::format("the condition `{}` closes {} path{} {} {}, and no rule opens {}; {} to "
                                              "{}: {}",
                                              one.condition, one.paths, one.paths == 1 ? "" : "s",
                                              one.host.empty() ? "of migration domain" : "from or to",
                                              one.host.empty() ? one.domain : one.host, one.paths == 1 ? "it" : "them",
                                              one.from, one.to, one.evidence)});
    return out;
}

Json to_json(const EstateFinding& finding) {
    Json out = {{"fault", name(finding.fault)},
                {"severity", name(severity_of(finding.fault))},
                {"object", finding.object},
                {"because", finding.because}};
    if (!finding.dn.empty()) out["dn"] = finding.dn;
    if (finding.condition.empty()) return out;
    out["condition"] = finding.condition;
    out["paths"] = finding.paths;
    return out;
}

EstateFinding estate_finding_from(Fields fields) {
    fields.only({"fault", "severity", "object", "because", "dn", "condition", "paths"});
    EstateFinding out;
    out.fault = fields.word("fault", all_estate_faults);
    if (fields.text("severity") != name(severity_of(out.fault)))
        fields.complain({Code::bad_input, fields.path() + ": this fault has another severity"});
    out.object = fields.text("object");
    out.because = fields.text("because");
    if (find(*fields.json(), "dn")) out.dn = fields.text("dn");
    if (!find(*fields.json(), "condition")) return out;
    out.condition = fields.text("condition");
    out.paths = fields.integer("paths", {0, 1'000'000'000'000});
    return out;
}

Json to_json(const FoundSince& since) { return {{"run", since.run}, {"new", since.fresh}}; }

FoundSince found_since_from(Fields fields) {
    fields.only({"run", "new"});
    return {fields.text("run"), fields.texts("new")};
}

}  // namespace fairway
