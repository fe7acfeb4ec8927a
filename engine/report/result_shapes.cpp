// See result_shapes.hpp.
#include "engine/report/result_shapes.hpp"

namespace fairway::report::shape {
namespace {

// What most entries are about (address_json, addresses_json), and what they have besides.
Json about(Field objects, std::vector<Field> fields) {
    fields.insert(fields.begin(), {std::move(objects), {"kind", kinds()}, {"setting", type("string")}});
    return map(std::move(fields));
}

}  // namespace

Json type(std::string_view word) { return {{"type", word}}; }
Json nullable(std::string_view word) { return {{"type", {word, "null"}}}; }
Json one_of(std::initializer_list<std::string_view> all) {
    return {{"enum", Json(std::vector<std::string_view>(all))}};
}
Json list(Json of) { return {{"type", "array"}, {"items", std::move(of)}}; }
Json ref(std::string_view name) { return {{"$ref", "#/$defs/" + std::string(name)}}; }

Json map(std::vector<Field> fields) {
    Json out = {{"type", "object"},
                {"properties", Json::object()},
                {"required", Json::array()},
                {"additionalProperties", false}};
    for (Field& field : fields) {
        out["properties"][std::string(field.name)] = std::move(field.shape);
        if (field.required) out["required"].push_back(field.name);
    }
    return out;
}

Json kinds() { return one_of({"host", "computer"}); }
Json gates() { return one_of({"replication", "values", "paths", "idle", "events", "trials"}); }
Json endings() { return one_of({"complete", "stopped", "failed", "in_doubt"}); }
Json reasons() { return one_of({"asked", "window", "waiting", "gate", "failure", "unheard"}); }

Json entry(std::vector<Field> fields) { return about({"object", type("string")}, std::move(fields)); }
Json entries(std::vector<Field> fields) { return about({"objects", list(type("string"))}, std::move(fields)); }

Json definitions() {
    const Json text = type("string"), number = type("integer"), yes = type("boolean");
    Json out = Json::object();
    out["value"] = {{"type", {"boolean", "integer", "string", "array"}}, {"items", text}};
    out["risk"] = one_of({"low", "medium", "high", "critical", "forbidden"});
    out["limits"] = map({{"hosts", number, false},
                         {"hosts_percent", number, false},
                         {"risk", ref("risk")},
                         {"paths_closed", number, false},
                         {"paths_closed_percent", number, false},
                         {"values_removed", number, false},
                         {"values_removed_percent", number, false},
                         {"rollbacks", yes, false},
                         {"risk_by_default", yes, false},
                         {"probed", yes, false}});
    // What somebody allowed once beyond the limits.
    out["allowed"] = list(map({{"limit", text}, {"value", text}, {"by", text}}));
    // Until when a run stands that ends by itself: as it began, or as it was extended.
    out["term"] = map({{"until", text}, {"reason", text}, {"who", text}, {"host", text}, {"at", text}});
    out["open_run"] = map({{"run", text},
                           {"estate", text},
                           {"state", one_of({"open", "past"})},
                           {"says", text},
                           {"hosts", list(text)},
                           {"left", list(text)},
                           {"ticket", text},
                           {"terms", list(ref("term"))}});
    out["not_covered"] = list(map({{"because", text}, {"hosts", list(text)}}));
    out["paths"] = map({{"open", number}, {"closed", number}, {"unknown", number}});
    out["finding"] =
        entry({{"verdict", one_of({"compliant", "drifted", "excepted", "conflict", "absent", "unreadable", "unknown"})},
               {"severity", one_of({"low", "medium", "high", "critical"})},
               {"rule", text},
               {"because", text},
               {"held", ref("value"), false},
               {"remedy", ref("value"), false},
               // Of sets with more than 32 elements: how many, and the first of those that are missing or too many.
               {"held_count", number, false},
               {"remedy_count", number, false},
               {"missing", list(text), false},
               {"missing_count", number, false},
               {"excess", list(text), false},
               {"excess_count", number, false},
               {"line", number, false},
               {"file", text, false}});  // of the line, where that is not `policy_file`
    out["estate_finding"] = map({{"fault", one_of({"left_out", "no_hyperv", "name_claimed", "two_domains", "lone_host",
                                                   "exception_unused", "rule_unused", "paths_closed", "odd_delegation",
                                                   "no_peers", "vanished_class", "glass_open", "glass_past"})},
                                 {"severity", one_of({"low", "medium", "high", "critical"})},
                                 {"object", text},
                                 {"because", text},
                                 {"dn", text, false},
                                 {"condition", text, false},
                                 {"paths", number, false}});
    // Rules of one address that stand against each other, or of a rollback its run against others: over what.
    out["conflict"] = entry({{"rules", list(text)}, {"runs", list(text)}, {"over", ref("value")}, {"because", text}});
    out["matrix"] =
        map({{"migration_domain", text},
             {"hosts", list(text)},
             {"rows", list({{"type", "string"},
                            {"pattern", "^[ox?-]*$"},
                            {"description",
                             "the row of the host in the same place, from which paths start; a letter for each "
                             "host where they end: o open, x closed, ? unknown, - the host itself"}})}});
    const Json row = {{"type", "string"},
                      {"pattern", "^[.a-zA-Z-]*$"},
                      {"description",
                       "a letter for each host where paths end: . open, - the host itself, a to z closed by the first "
                       "of `conditions` and so on, A to Z not known because of it"}};
    out["path_rows"] = list(map({{"migration_domain", text}, {"hosts", list(text)}, {"rows", list(row)}}));
    out["path_letters"] = map({{"conditions", list(text)},
                               {"rests_on", list(list(text))},  // the settings that each of them looks at
                               {"now", ref("path_rows")}});
    // A list of a change; of one of more than 32 values, numbers of the plan's `names`: one, or several in a row
    // ("3-17").
    out["names"] = map({{"names", list(text)}});
    out["list"] = {{"anyOf", {list(text), ref("names")}}};
    out["change"] = map({{"object", text},
                         {"setting", text},
                         {"before", {{"anyOf", {ref("value"), ref("names")}}}},
                         {"after", ref("value"), false},
                         {"add", ref("list"), false},
                         {"remove", ref("list"), false},
                         {"keeps", ref("list"), false},
                         {"rules", list(text)},
                         {"premises", list(text), false},
                         {"risk", ref("risk"), false},
                         {"risk_because", text, false}});
    // What changes rest on; they name it by its place here, or several in a row ("3-17"). Without `holds`, nothing must
    // be there.
    out["premise"] = map({{"object", text}, {"setting", text}, {"holds", ref("value"), false}, {"why", text}});
    out["note"] = map({{"object", text},
                       {"setting", text},
                       {"verdict", text},
                       {"rule", text},
                       {"severity", text},
                       {"because", text}});
    out["gate"] = gates();
    // Paths between the object and these hosts: in both directions, from it to them, from them to it.
    out["step_paths"] = map({{"object", text},
                             {"setting", text},
                             {"both", list(text), false},
                             {"to", list(text), false},
                             {"from", list(text), false}});
    out["phase"] =
        map({{"phase", one_of({"directory additions", "hosts", "directory removals"})},
             {"wave", number, false},
             {"canary", yes, false},
             {"changes", list(ref("change"))},
             {"paths", ref("paths")},
             {"closes", number},
             // By which steps, of those that may be made at the same time by each that may do it.
             {"closed", list(ref("step_paths")), false},
             {"opened", list(ref("step_paths")), false},
             {"path_letters", ref("path_rows"), false},  // the rows that are not as before
             // What is due before the next phase: the directory has converged, so many minutes are over.
             {"then", map({{"directory", yes, false}, {"minutes", number, false}, {"gates", list(ref("gate")), false}}),
              false}});
    out["rollout"] = map({{"canary", number, false},
                          {"canary_hosts", list(text), false},
                          {"canary_tag", text, false},
                          {"waves", list({{"type", {"integer", "string"}}})},
                          {"per", one_of({"estate", "migration_domain"})},
                          {"order", one_of({"paths", "name", "migration_domain", "tags"})},
                          {"tags", list(text), false},
                          {"pause_minutes", number, false},
                          {"gates", list(ref("gate"))},
                          {"trials",
                           map({{"vms", list(text)},
                                {"pairs", one_of({"ring", "all", "sample"})},
                                {"sample", number},
                                {"storage", one_of({"no", "yes", "alternate"})},
                                {"max_memory_mb", number},
                                {"id", text, false}}),
                           false}});
    out["run_rules"] = map({{"window", map({{"from", text}, {"until", text}, {"zone", text, false}}), false},
                            {"max_failures", {{"type", {"integer", "string"}}}, false},
                            {"on_failure", one_of({"stop", "rollback", "ask"}), false}});
    out["plan"] = map({{"fairway_plan", {{"enum", {1, 2, 3, 4, 5}}}},
                       {"purpose", one_of({"apply", "rollback"})},
                       {"estate", text},
                       {"inventory_sha256", text},
                       {"found", list(text), false},
                       {"found_since", map({{"run", text}, {"new", list(text)}}), false},
                       {"source", text},
                       {"source_sha256", text},
                       {"ticket", text},
                       {"limits", ref("limits"), false},
                       {"allowed", ref("allowed"), false},
                       {"rollout", ref("rollout"), false},
                       {"run_rules", ref("run_rules"), false},
                       {"not_covered", ref("not_covered"), false},
                       {"paths", ref("paths")},
                       {"premises", list(ref("premise")), false},
                       {"names", list(text), false},
                       {"phases", list(ref("phase"))},
                       {"notes", list(ref("note"))},
                       {"estate_findings", list(ref("estate_finding")), false},
                       {"rehearsed", map({{"exact", number}, {"others", list(text)}}), false},
                       {"path_letters", ref("path_letters"), false},
                       {"digest", text}});
    const Json work = map({{"readings", number}, {"writes", number}, {"ms", number}});
    out["rehearsal"] =
        map({{"exact", number},
             {"changes", list(entry({{"put_back", one_of({"exactly", "conflict", "stays"})}, {"because", text}}))},
             {"apply", work},
             {"rollback", work},
             {"assumed", yes}});
    // What a fresh plan has of the reviewed one, whose id stands here: what is written, of a list what comes and goes.
    const Json written = map({{"before", ref("value"), false},
                              {"after", ref("value"), false},
                              {"add", list(text), false},
                              {"remove", list(text), false}});
    const Json revised = list(entry({{"phase", text},
                                     {"because", text, false},
                                     {"other_wave", yes, false},
                                     {"was", written, false},
                                     {"now", written, false}}));
    out["again"] = map({{"plan_id", text},
                        {"same", revised},
                        {"gone", revised},
                        {"new", revised},
                        {"other", revised},
                        {"unchanged_hosts", list(text)}});
    out["right"] = entries({{"may", one_of({"yes", "by_default", "no", "unknown"})}, {"because", text}});
    const Json states = one_of({"open", "closed", "unknown"});
    out["condition"] = map({{"name", text},
                            {"state", states},
                            {"evidence", text},
                            {"fix", map({{"object", text}, {"setting", text}}), false}});
    out["start"] = map({{"start", one_of({"here", "source"})}, {"state", states}, {"because", text}});
    out["path"] = map({{"from", text},
                       {"to", text},
                       {"state", states},
                       {"conditions", list(ref("condition"))},
                       {"starts", list(ref("start"))},
                       {"unread", list(entry({{"because", text}}))}});
    out["applied"] =
        map({{"run", text},
             {"ending", endings()},
             {"undoable", yes},
             {"changed", number},
             {"left", number},
             {"because", text},
             {"reason", reasons(), false},
             // Of plans with waves or a window, in milliseconds.
             {"estimates", list(map({{"phase", text}, {"phase_ms", number}, {"undo_ms", number}, {"assumed", yes}})),
              false},
             {"hosts", list(map({{"host", text},
                                 {"changed", number},
                                 {"unchanged", number},
                                 {"failed", number},
                                 {"skipped", number},
                                 {"in_doubt", number}}))},
             {"left_out", list(ref("left_out"))},
             {"remarks", list(entry({{"complaint", text, false}, {"moved", text, false}}))}});
    out["left_out"] = entry({{"skipped", yes}, {"in_doubt", yes}, {"because", text}});
    out["kept"] = map({{"object", text},
                       {"setting", text},
                       {"added", list(text)},
                       {"taken", list(text)},
                       {"withdrawn", list(text)},
                       {"runs", list(map({{"run", text}, {"values", list(text)}}))}});
    define_trials(out);
    define_equal(out);
    define_watched(out);
    out["head"] = map({{"entry", number}, {"hash", text}});
    out["record"] = map(
        {{"run", text},
         {"plan_id", text},
         {"who", text},
         {"host", text},
         {"ticket", text},
         {"started", nullable("string")},
         {"ended", nullable("string")},
         {"end", text},
         {"reason", text},
         {"because", text},
         {"rolls_back", text},
         {"undoable", yes},
         {"terms", list(ref("term"))},
         {"rolled_back_by", list(text)},
         {"allowed", ref("allowed")},
         {"gates", list(map({{"phase", text}, {"gate", text}, {"passed", yes}, {"saw", list(text)}, {"at", text}}))},
         {"changes",
          list(entry({{"phase", text},
                      {"before", ref("value")},
                      {"after", ref("value")},
                      {"rules", list(text)},
                      {"state", one_of({"done", "not_done", "torn", "in_doubt", "unanswered", "cut_off", "not_begun"})},
                      {"begun", nullable("string")},
                      {"known", nullable("string")},
                      {"note", text},
                      {"changed_later_by", list(text)}}))}});
    out["line_glass"] = map(
        {{"state", one_of({"open", "past", "over"})}, {"reason", text}, {"hosts", list(text)}, {"left", list(text)}});
    out["run"] = map({{"run", text},
                      {"estate", text},
                      {"purpose", one_of({"apply", "rollback"})},
                      {"source", text},
                      {"rolls_back", text},
                      {"until", nullable("string")},
                      {"break_glass", {{"anyOf", {ref("line_glass"), type("null")}}}},
                      {"ticket", text},
                      {"who", text},
                      {"host", text},
                      {"started", nullable("string")},
                      {"ended", nullable("string")},
                      {"end", text},
                      {"reason", text},
                      {"changes", number},
                      {"done", number}});
    out["setting"] = map({{"name", text},
                          {"kind", kinds()},
                          {"type", one_of({"boolean", "integer", "word", "set"})},
                          {"access", one_of({"managed", "fact", "by_command"})},
                          {"doc", text},
                          {"source", text},
                          {"range", map({{"least", number}, {"most", number}}), false},
                          {"unit", text, false},
                          {"choices", list(text), false},
                          {"element", text, false},
                          {"most_elements", number, false},
                          {"capacity", text, false},
                          {"risks", list(map({{"risk", ref("risk")}, {"when", text}, {"because", text}})), false},
                          {"phase", text, false},
                          {"undo", text, false},
                          {"cmdlet", text, false}});
    std::vector<Field> assumption = {{"state", one_of({"holds", "refuted", "untried"})}, {"exchanges", list(number)}};
    for (const char* name : {"fact", "assumed", "how", "refuted_by", "saw"}) assumption.push_back({name, text});
    std::vector<Field> note = {
        {"build", nullable("integer")}, {"holds", number}, {"refuted", number}, {"untried", number}};
    for (const char* name : {"what", "estate", "host", "outcome", "who", "machine", "at"}) note.push_back({name, text});
    out["contact"] = map(std::move(note));
    const Json state = one_of({"good", "bad", "untried"});
    out["probe"] = map({{"host", text},
                        {"ready", yes},
                        {"steps", list(map({{"step", text}, {"state", state}, {"saw", text}, {"code", text, false}}))},
                        {"build", nullable("integer"), false},
                        {"assumptions", list(map(assumption)), false}});
    out["directory_contact"] = map({{"domain", text},
                                    {"controller", text},
                                    {"stopped_at", nullable("string")},
                                    {"assumptions", list(map(std::move(assumption)))}});
    const Json faults = one_of({"no_account", "missing", "elsewhere", "duplicate", "alias_duplicate", "disabled",
                                "ghost", "malformed", "twice", "stale_delegation"});
    out["name_finding"] =
        map({{"fault", faults},
             {"severity", one_of({"low", "medium", "high", "critical"})},
             {"host", text, false},
             {"names", list(text)},
             {"holders", list(map({{"account", text}, {"dn", text}, {"class", text}, {"enabled", yes}}))},
             {"should", text, false},
             {"because", text},
             {"advice", text},
             {"commands", list(text)}});
    out["host_names"] =
        map({{"host", text},
             {"account", text, false},
             {"names", list(map({{"name", text},
                                 {"state", one_of({"registered", "aliased", "missing", "elsewhere", "duplicate"})},
                                 {"by", text, false}}))}});
    out["service_names"] = map({{"source", text},
                                {"whole_forest", yes},
                                {"caveat", text, false},
                                {"hosts", list(ref("host_names"))},
                                {"findings", list(ref("name_finding"))}});
    out["address"] = map({{"object", text}, {"setting", text}});
    out["replication"] =
        map({{"converged", yes},
             {"controllers", list(text)},
             {"values", number},
             {"shown", number},
             {"of", number},
             {"waited_s", number},
             {"lags", list(map({{"controller", text}, {"behind", list(ref("address"))}, {"error", text, false}}))},
             {"overtaken", list(map({{"object", text}, {"setting", text}, {"controller", text}}))},
             {"refusals_until", text, false}});
    out["blamed"] = map({{"setting", text},
                         {"held", ref("value"), false},
                         {"error", text, false},
                         {"changed", text, false},
                         {"version", number, false},
                         {"controller", text, false},
                         {"invocation_id", text, false},
                         {"whose", one_of({"ours", "somebody else", "unknown"})},
                         {"because", text},
                         {"run", text, false},
                         {"who", text, false},
                         {"ticket", text, false}});
    out["diagnostic"] = map({{"file", text}, {"line", number}, {"column", number}, {"text", text}, {"hint", text}});
    out["error"] = map({{"code", text}, {"text", text}});
    return out;
}

}  // namespace fairway::report::shape
