// See state_file.hpp.
#include "engine/watch/state_file.hpp"

#include <fmt/format.h>

#include "engine/base/fields.hpp"
#include "engine/base/json.hpp"

namespace fairway::watch {
namespace {

constexpr Bounds natural{.least = 0};
constexpr std::array severities = {Severity::low, Severity::medium, Severity::high, Severity::critical};

Json json_of(const Subject& subject) {
    return {{"sort", name(subject.sort)}, {"object", subject.object},   {"sid", subject.sid},
            {"kind", subject.kind},       {"setting", subject.setting}, {"rule", subject.rule}};
}

Subject read_subject(Fields fields) {
    fields.only({"sort", "object", "sid", "kind", "setting", "rule"});
    return {fields.word("sort", all_sorts), fields.text("object"), fields.text("sid"), fields.text("kind"),
            fields.text("setting"),         fields.text("rule")};
}

Json json_of(const Detail& detail) {
    const Wrote& wrote = detail.wrote;
    return {{"severity", name(detail.severity)},
            {"because", detail.because},
            {"held", detail.held},
            {"wanted", detail.wanted},
            {"wrote",
             {{"whose", wrote.whose},
              {"because", wrote.because},
              {"run", wrote.run},
              {"who", wrote.who},
              {"ticket", wrote.ticket},
              {"controller", wrote.controller},
              {"changed", wrote.changed}}}};
}

Detail read_detail(Fields fields) {
    fields.only({"severity", "because", "held", "wanted", "wrote"});
    Detail out{fields.word("severity", severities), fields.text("because"), fields.text("held"), fields.text("wanted")};
    fields.map("wrote", [&](Fields wrote) {
        wrote.only({"whose", "because", "run", "who", "ticket", "controller", "changed"});
        out.wrote = {wrote.text("whose"),
                     wrote.text("because"),
                     wrote.text("run"),
                     wrote.text("who"),
                     wrote.text("ticket"),
                     wrote.text("controller"),
                     wrote.integer("changed", natural)};
    });
    return out;
}

Json json_of(const Episode& episode) {
    Json told = Json::object();
    for (const auto& [way, of] : episode.told) told[way] = {{"alarm", of.alarm}, {"last", of.last}, {"end", of.end}};
    return {{"number", episode.number},
            {"subject", json_of(episode.subject)},
            {"detail", json_of(episode.detail)},
            {"since", episode.since},
            {"seen", episode.seen},
            {"ended", episode.ended},
            {"fate", name(episode.fate)},
            {"told", std::move(told)}};
}

// Calls `read(key, Fields)` for each map of the map at `key`.
template <class Read>
void each_of_map(Fields& fields, std::string_view key, Read read) {
    const Json* map = fields.take(map_at(*fields.json(), key, fields.path()));
    if (!map) return;
    for (const auto& [name, of] : map->items())
        read(name, Fields(of, path_to(path_to(fields.path(), key), name), fields.first()));
}

Episode read_episode(Fields fields) {
    fields.only({"number", "subject", "detail", "since", "seen", "ended", "fate", "told"});
    Episode out;
    out.number = fields.integer("number", {.least = 1});
    fields.map("subject", [&](Fields inner) { out.subject = read_subject(inner); });
    fields.map("detail", [&](Fields inner) { out.detail = read_detail(inner); });
    out.since = fields.integer("since", natural);
    out.seen = fields.integer("seen", natural);
    out.ended = fields.integer("ended", natural);
    out.fate = fields.word("fate", all_fates);
    each_of_map(fields, "told", [&](const std::string& way, Fields told) {
        told.only({"alarm", "last", "end"});
        out.told[way] = {told.integer("alarm", natural), told.integer("last", natural), told.boolean("end")};
    });
    return out;
}

Json json_of(const WayState& way) {
    Json out = {{"delivered", way.delivered},
                {"failed", way.failed},
                {"trouble", way.trouble},
                {"used", way.used},
                {"message", nullptr}};
    if (way.message)
        out["message"] = {{"id", way.message->id},
                          {"body", way.message->body},
                          {"made", way.message->made},
                          {"next", way.message->next},
                          {"tries", way.message->tries}};
    return out;
}

WayState read_way(Fields fields) {
    fields.only({"delivered", "failed", "trouble", "used", "message"});
    WayState out{{},
                 fields.integer("delivered", natural),
                 fields.integer("failed", natural),
                 fields.text("trouble"),
                 fields.integer("used", natural)};
    const Json* message = fields.raw("message");
    if (!message || message->is_null()) return out;
    fields.map("message", [&](Fields inner) {
        inner.only({"id", "body", "made", "next", "tries"});
        out.message = {inner.text("id"), inner.text("body"), inner.integer("made", natural),
                       inner.integer("next", natural), inner.integer("tries", natural)};
    });
    return out;
}

// What no state of ours has, though each of its fields could be.
void check_numbers(const State& state, Fields& fields) {
    std::int64_t last = 0;
    for (const Episode& one : state.episodes) {
        if (one.number <= last || one.number >= state.next_episode)
            fields.complain({Code::bad_input, fmt::format("episode {} is out of order", one.number)});
        last = one.number;
        for (const auto& [way, told] : one.told)
            if (!state.ways.contains(way))
                fields.complain({Code::bad_input, fmt::format("episode {} names a way that is not there", one.number)});
    }
}

}  // namespace

std::string print_state(const State& state) {
    Json out = {{"fairway_watch", 1},
                {"estate", state.estate},
                {"id", state.id},
                {"next_episode", state.next_episode},
                {"next_message", state.next_message},
                {"audited", state.audited},
                {"succeeded", state.succeeded},
                {"begun", state.begun},
                {"left_out", state.left_out},
                {"episodes", Json::array()},
                {"ways", Json::object()}};
    for (const Episode& one : state.episodes) out["episodes"].push_back(json_of(one));
    for (const auto& [key, way] : state.ways) out["ways"][key] = json_of(way);
    return print_json(out, -1) + "\n";
}

Result<State> read_state(std::string_view text) {
    const auto json = parse_json(text, {.bytes = most_state_bytes});
    if (!json) return fail(Code::storage, json.error().text);
    std::optional<Error> first;
    Fields fields(*json, "", first);
    fields.only({"fairway_watch", "estate", "id", "next_episode", "next_message", "audited", "succeeded", "begun",
                 "left_out", "episodes", "ways"});
    fields.integer("fairway_watch", {.least = 1, .most = 1});
    State out;
    out.estate = fields.text("estate");
    out.id = fields.text("id");
    out.next_episode = fields.integer("next_episode", {.least = 1});
    out.next_message = fields.integer("next_message", {.least = 1});
    out.audited = fields.integer("audited", natural);
    out.succeeded = fields.integer("succeeded", natural);
    out.begun = fields.integer("begun", natural);
    out.left_out = fields.integer("left_out", natural);
    fields.each("episodes", [&](Fields inner) { out.episodes.push_back(read_episode(inner)); });
    each_of_map(fields, "ways", [&](const std::string& key, Fields inner) { out.ways[key] = read_way(inner); });
    if (!first) check_numbers(out, fields);
    if (first) return fail(Code::storage, first->text);
    return out;
}

Json seen_json(const Seen& seen) {
    Json out = {
        {"whole", seen.whole}, {"because", seen.because}, {"findings", Json::array()}, {"fates", Json::array()}};
    for (const Noticed& one : seen.findings)
        out["findings"].push_back({{"subject", json_of(one.subject)}, {"detail", json_of(one.detail)}});
    for (const auto& [number, fate] : seen.fates) out["fates"].push_back({{"number", number}, {"fate", name(fate)}});
    return out;
}

Result<Seen> read_seen(const Json& json) {
    std::optional<Error> first;
    Fields fields(json, "", first);
    Seen out;
    out.whole = fields.boolean("whole");
    out.because = fields.text("because");
    fields.each("findings", [&](Fields inner) {
        Noticed& one = out.findings.emplace_back();
        inner.map("subject", [&](Fields subject) { one.subject = read_subject(subject); });
        inner.map("detail", [&](Fields detail) { one.detail = read_detail(detail); });
    });
    fields.each("fates", [&](Fields inner) {
        const std::int64_t number = inner.integer("number", natural);
        out.fates[number] = inner.word("fate", all_fates);
    });
    if (first) return tl::unexpected(*first);
    return out;
}

}  // namespace fairway::watch
