// See result_schema.hpp. Each command's result is one map: what stands in all of them, and the fields that
// its row names. A test holds every command's output against this schema.
#include "engine/report/result_schema.hpp"

#include "engine/base/json.hpp"
#include "engine/report/result_shapes.hpp"

namespace fairway::report {
namespace shape {

// What each command's result may hold beside the heading; with an error, only the heading is sure.
static Json fields_of_results() {
    const Json text = type("string"), number = type("integer");
    return {
        {"documents",
         list(map({{"file", text}, {"kind", one_of({"policy", "inventory", "included"})}, {"ok", type("boolean")}}))},
        {"diagnostics", list(ref("diagnostic"))},
        {"hints", list(text)},
        {"error", ref("error")},
        {"version", text},
        {"build", map({{"type", text},
                       {"compiler", text},
                       {"built_with", list(map({{"library", text}, {"version", text}}))},
                       {"loaded", list(text)}})},
        {"drift", type("boolean")},
        {"all_read", type("boolean")},
        {"policy_file", text},
        {"policy_sha256", text},
        {"included_files", list(map({{"file", text}, {"sha256", text}}))},
        {"inventory_sha256", text},
        {"verdicts", {{"type", "object"}, {"additionalProperties", type("integer")}}},
        {"risks", list(entries({{"phase", text}, {"risk", ref("risk")}, {"because", text}}))},
        {"settings", list(ref("setting"))},
        {"topics",
         list(map(
             {{"id", text}, {"kind", text}, {"what", text}, {"lines", list(map({{"label", text}, {"text", text}}))}}))},
        {"config", list(map({{"name", text},
                             {"value", nullable("string")},
                             {"from", one_of({"command_line", "environment", "file", "default"})},
                             {"where", nullable("string")}}))},
        {"config_files", list(map({{"file", text}, {"read", type("boolean")}}))},
        {"causes", list(map({{"id", text},
                             {"says", text},
                             {"pair", text},
                             {"proof", one_of({"consequence", "weak", "family", "strong"})},
                             {"evidence", list(text)},
                             {"against", list(text)},
                             {"not_looked_at", list(text)},
                             {"candidates", list(text)},
                             {"fix", text},
                             {"changes", list(entry({}))}}))},
        {"checks", list(map({{"about", text}, {"state", one_of({"fine", "bad", "unknown", "noted"})}, {"saw", text}}))},
        {"differences",
         list(map({{"setting", text},
                   {"values", list(map({{"value", text}, {"hosts", list(text)}, {"odd", type("boolean")}}))}}))},
        {"starts", list(map({{"from", text}, {"to", text}, {"starts", list(ref("start"))}}))},
        {"unexplained", list(text)},
        {"not_looked_at", list(text)},
        {"made_good", type("integer")},
        {"event_files",
         list(map({{"file", text}, {"events", number}, {"unreadable", number}, {"cut", type("boolean")}}))},
        {"notes", list(text)},
        {"proposed", map({{"text", text},
                          {"computers", list(map({{"name", text},
                                                  {"listed", type("boolean")},
                                                  {"container", text},
                                                  {"sid", text},
                                                  {"node", type("boolean")},
                                                  {"because", list(text)}}))},
                          {"clusters", list(text)},
                          {"migration_domains", list(map({{"name", text}, {"hosts", list(text)}, {"by", text}}))}})},
        {"exported", map({{"text", text},
                          {"rules", list(map({{"rule", text}, {"hosts", list(text)}, {"settings", list(text)}}))},
                          {"left_out", list(map({{"object", text},
                                                 {"kind", kinds()},
                                                 {"setting", text},
                                                 {"read", type("boolean")},
                                                 {"because", text}}))}})},
        {"estate", text},
        {"policy", text},
        {"sources", list(text)},
        {"paths", ref("paths")},
        {"findings", list(ref("finding"))},
        {"equal_findings", list(ref("equal_finding"))},
        {"equal_changes", list(ref("equal_change"))},
        {"hosts", list(text)},
        {"timeline", list(map({{"phase", text},
                               {"begun", nullable("string")},
                               {"known", nullable("string")},
                               {"changes", number},
                               {"done", number}}))},
        {"unread", list(map({{"verdict", one_of({"unreadable", "unknown"})},
                             {"kind", one_of({"host", "computer"})},
                             {"objects", list(text)},
                             {"settings", list(text), false},
                             {"because", text}}))},
        {"estate_findings", list(ref("estate_finding"))},
        {"matrices", list(ref("matrix"))},
        {"conflicts", list(ref("conflict"))},
        {"path_letters", ref("path_letters")},
        {"not_covered", ref("not_covered")},
        {"expired_exceptions", list(map({{"host", text}, {"setting", text}, {"until", text}, {"owner", text}}))},
        {"plan", ref("plan")},
        {"allowed", ref("allowed")},
        {"exposed", list(map({{"host", text},
                              {"credential_guard", nullable("boolean")},
                              {"state", one_of({"switched", "already", "open", "left"})},
                              {"run", nullable("string")},
                              {"until", nullable("string")},
                              {"says", text}}))},
        {"term", ref("term")},
        {"break_glass", {{"type", {"array", "null"}}, {"items", ref("open_run")}}},
        {"units", list(map({{"file", text}, {"text", text}}))},
        {"watch",
         map({{"state", text}, {"audits", number}, {"open", list(ref("watched"))}, {"all_told", type("boolean")}})},
        {"expired", list(map({{"run", text},
                              {"until", text},
                              {"exit", number},
                              {"over", type("boolean")},
                              {"error", text, false},
                              {"rollback", text, false},
                              {"left_out", list(ref("left_out")), false}}))},
        {"other_estates", list(map({{"run", text}, {"estate", text}, {"until", text}}))},
        {"again", ref("again")},
        {"estimate",
         map({{"apply_ms", number}, {"pauses_ms", number}, {"undo_ms", number}, {"assumed", type("boolean")}})},
        {"rights", list(ref("right"))},
        {"warnings", list(text)},
        {"path", ref("path")},
        {"may_still_arrive", list(entry({}))},
        {"plan_id", text},
        {"risk", ref("risk")},
        {"applied", ref("applied")},
        {"rehearsal", ref("rehearsal")},
        {"left_out", list(ref("left_out"))},
        {"rollback", map({{"runs", list(text)},
                          {"complete", type("boolean")},
                          {"left_out", list(ref("left_out"))},
                          {"may_still_arrive", list(entry({})), false},
                          {"because", text, false}})},
        {"others", list(ref("kept"))},
        {"run", text},
        {"changes", type("integer")},
        {"done", type("integer")},
        {"rolled_back_by", list(text)},
        {"trials", list(ref("trial"))},
        {"vms", list(map({{"vm", text}, {"id", text}, {"home", text}, {"at", nullable("string")}}))},
        {"seed", nullable("integer")},
        {"runs", list(ref("run"))},
        {"record", ref("record")},
        {"cmdlets", list(entry({{"phase", text}, {"command", text}}))},
        {"head", ref("head")},
        {"probes", list(ref("probe"))},
        {"directories", list(ref("directory_contact"))},
        {"contacts", list(ref("contact"))},
        {"contact_file", text},
        {"service_names", ref("service_names")},
        {"replication", ref("replication")},
        {"host", text},
        {"blame", list(ref("blamed"))}};
}

}  // namespace shape

std::string result_schema(std::span<const ResultRow> results) {
    Json out = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                {"title", "What a fairway command prints with --output json"},
                {"type", "object"}};
    Json commands = {""};  // where none was understood
    for (const ResultRow& row : results) commands.push_back(row.command);
    out["properties"] = {{"fairway", {{"const", 1}}},
                         {"command", {{"enum", commands}}},
                         {"exit", {{"type", "integer"}, {"description", "the exit status, see fairway --help"}}},
                         {"time", {{"type", "string"}, {"format", "date-time"}}},
                         {"who", {{"type", "string"}, {"description", "ACCOUNT@MACHINE that ran the command"}}}};
    out["properties"].update(shape::fields_of_results());
    out["required"] = {"fairway", "command", "exit", "time", "version", "who"};
    out["additionalProperties"] = false;
    out["allOf"] = Json::array();
    for (const ResultRow& row : results) {
        Json condition = {{"properties", {{"command", {{"const", row.command}}}}}, {"not", {{"required", {"error"}}}}};
        Json has = {{"required", Json(row.fields)}};
        if (!row.otherwise.empty()) has = {{"anyOf", {std::move(has), {{"required", Json(row.otherwise)}}}}};
        out["allOf"].push_back({{"if", std::move(condition)}, {"then", std::move(has)}});
    }
    out["$defs"] = shape::definitions();
    return print_json(out);
}

}  // namespace fairway::report
