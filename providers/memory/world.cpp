// See world.hpp. The form: {"fairway_estate": 1, "estate": …, "hosts": {"HV01": {"migration.enabled":
// true, …}}, "computers": {"HV01": {"delegation.services": […], …}},
// "accounts": […], "rights": […], "copies": […], "stamps": […], "faults": […],
// "events": […]}.
#include "providers/memory/world.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/fields.hpp"
#include "engine/base/json.hpp"
#include "engine/base/timestamp.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/model/value_json.hpp"

namespace fairway::memory {
namespace {

constexpr std::int64_t format_version = 1;
constexpr std::array<std::string_view, 2> on_words = {"read", "write"};
constexpr std::array<std::string_view, 7> effect_words = {"unreachable", "denied",    "lost_reply", "torn",
                                                          "ignored",     "complaint", "dies"};

constexpr std::array<std::string_view, 2> kind_words = {all_kinds[0].name, all_kinds[1].name};
constexpr std::array<std::string_view, 4> may_words = {"yes", "by_default", "no", "unknown"};

template <class Enum, std::size_t N>
Enum word(Fields& fields, std::string_view key, const std::array<std::string_view, N>& words) {
    const std::string text = fields.text(key);
    const auto it = std::find(words.begin(), words.end(), text);
    if (it == words.end()) fields.complain({Code::bad_input, path_to(fields.path(), key) + ": unknown word " + text});
    return static_cast<Enum>(it == words.end() ? 0 : it - words.begin());
}

// Null: any.
const Setting* setting_from(Fields& fields) {
    const std::string setting = fields.text("setting");
    const Setting* row = find_setting(setting);
    if (!setting.empty() && !row)
        fields.complain({Code::bad_input, path_to(fields.path(), "setting") + ": unknown setting " + setting});
    return row;
}

Reserve reserve_from(Fields fields) {
    fields.only({"object", "setting", "may"});
    Reserve out;
    out.object = fields.text("object");
    out.setting = setting_from(fields);
    out.may = word<May>(fields, "may", may_words);
    return out;
}

Json to_json(const Reserve& one) {
    return {{"object", one.object}, {"setting", one.setting ? one.setting->name : ""}, {"may", name(one.may)}};
}

Fault fault_from(Fields fields) {
    fields.only({"on", "effect", "object", "setting", "skip", "times", "kind"});
    Fault out;
    out.on = word<Fault::On>(fields, "on", on_words);
    out.effect = word<Fault::Effect>(fields, "effect", effect_words);
    out.object = fields.text("object");
    out.setting = setting_from(fields);
    out.skip = fields.integer("skip", {0, 1'000'000});
    out.times = fields.integer("times", {0, 1'000'000});
    if (find(*fields.json(), "kind")) out.kind = word<Kind>(fields, "kind", kind_words);
    return out;
}

LogEvent event_from(Fields fields) {
    constexpr Bounds levels = {0, 5}, ids = {0, 65'535};
    fields.only({"host", "channel", "id", "level", "time"});
    LogEvent out;
    out.computer = fields.text("host");
    out.channel = fields.text("channel");
    out.id = static_cast<std::uint32_t>(fields.integer("id", ids));
    out.level = static_cast<std::uint32_t>(fields.integer("level", levels));
    out.time = fields.text("time");
    const auto at = parse_timestamp(out.time);
    if (at) out.time_us = *at * 1'000'000;
    else fields.complain({Code::bad_input, path_to(fields.path(), "time") + " " + at.error().text});
    return out;
}

Json to_json(const LogEvent& event) {
    return {{"host", event.computer},
            {"channel", event.channel},
            {"id", event.id},
            {"level", event.level},
            {"time", event.time}};
}

Json to_json(const Fault& fault) {
    Json out = {{"on", on_words.at(static_cast<std::size_t>(fault.on))},
                {"effect", effect_words.at(static_cast<std::size_t>(fault.effect))},
                {"object", fault.object},
                {"setting", fault.setting ? fault.setting->name : ""},
                {"skip", fault.skip},
                {"times", fault.times}};
    if (fault.kind) out["kind"] = name(*fault.kind);
    return out;
}

NameOwner account_from(Fields fields) {
    fields.only({"account", "class", "names", "enabled", "controller", "sid"});
    NameOwner out;
    out.account = fields.text("account");
    out.dn = "CN=" + out.account + ",CN=Users";
    out.object_class = fields.text("class");
    out.names = fields.texts("names");
    if (find(*fields.json(), "enabled")) out.enabled = fields.boolean("enabled");
    if (find(*fields.json(), "controller")) out.controller = fields.boolean("controller");
    if (find(*fields.json(), "sid")) out.sid = fields.text("sid");
    return out;
}

Json to_json(const NameOwner& owner) {
    Json out = {{"account", owner.account}, {"class", owner.object_class}, {"names", owner.names}};
    if (!owner.enabled) out["enabled"] = false;
    if (owner.controller == true) out["controller"] = true;
    if (!owner.sid.empty()) out["sid"] = owner.sid;
    return out;
}

constexpr std::int64_t most_seconds = 253'402'300'799;  // 9999-12-31T23:59:59Z

Copy copy_from(Fields fields) {
    fields.only({"server", "id", "late_s", "reachable"});
    Copy out{.server = fields.text("server"), .id = fields.text("id")};
    if (find(*fields.json(), "late_s")) out.late_s = fields.integer("late_s", {0, most_seconds});
    if (find(*fields.json(), "reachable")) out.reachable = fields.boolean("reachable");
    return out;
}

Json to_json(const Copy& copy) {
    return {{"server", copy.server}, {"id", copy.id}, {"late_s", copy.late_s}, {"reachable", copy.reachable}};
}

void take_stamp(World& world, Fields fields) {
    fields.only({"object", "setting", "version", "time", "origin", "usn"});
    const std::string setting = fields.text("setting");
    const Setting* row = find_setting(setting);
    if (!row || !row_of(row->kind).in_directory)
        return fields.complain({Code::bad_input, path_to(fields.path(), "setting") + ": no setting of a computer"});
    constexpr Bounds positive{1, most_seconds};
    world.stamps[{fields.text("object"), row}] = {fields.integer("version", positive), fields.integer("time", positive),
                                                  fields.text("origin"), fields.integer("usn", positive)};
}

Json to_json(const Address& address, const ChangeStamp& stamp) {
    return {{"object", address.object}, {"setting", address.setting->name}, {"version", stamp.version},
            {"time", stamp.time},       {"origin", stamp.origin},           {"usn", stamp.usn}};
}

void take_object(World& world, Kind kind, const std::string& object, Fields fields) {
    const Json& json = *fields.json();
    const std::string& path = fields.path();
    world.objects.emplace_back(kind, object);
    for (const auto& [key, value] : json.items()) {
        const Setting* row = find_setting(key);
        if (!row || row->kind != kind || row->worked_out)
            return fields.complain(
                {Code::bad_input, fmt::format("{}: a {} has no setting `{}`", path, name(kind), key)});
        world.values.insert_or_assign(Address{object, row},
                                      fields.take(value_from_json(*row, value, path_to(path, key))));
    }
}

// The objects of a section were taken as they were read; what is left is what is no map of settings.
void check_objects(std::string_view section, Fields& fields) {
    const Json* objects = fields.take(map_at(*fields.json(), section, fields.path()));
    if (!objects) return;
    for (const auto& [object, settings] : objects->items())
        if (!settings.is_object())
            fields.complain(
                {Code::bad_input, path_to(path_to(fields.path(), section), object) + " must be a map of settings"});
}

}  // namespace

bool World::has(Kind kind, std::string_view object) const {
    return std::any_of(objects.begin(), objects.end(),
                       [&](const auto& one) { return one.first == kind && one.second == object; });
}

Result<World> parse_world(std::string_view text) {
    World world;
    std::optional<Error> wrong, of_objects;
    const Result<Json> json =
        parse_json(text, {}, [&](const std::string& section, const std::string& object, const Json& map) {
            for (const KindRow& row : all_kinds)
                if (section == row.section)
                    take_object(world, row.kind, object, {map, path_to(section, object), of_objects});
        });
    if (!json) return fail(Code::bad_input, "this is no embedded estate: " + json.error().text);
    Fields fields(*json, {}, wrong);
    fields.only({"fairway_estate", "estate", "hosts", "computers", "accounts", "rights", "copies", "stamps", "faults",
                 "events", "dns_suffixes"});
    fields.integer("fairway_estate", {format_version, format_version});
    world.estate = fields.text("estate");
    for (const KindRow& row : all_kinds) check_objects(row.section, fields);
    if (of_objects) fields.complain(*of_objects);
    if (find(*json, "accounts"))
        fields.each("accounts", [&](Fields one) { world.others.push_back(account_from(one)); });
    if (find(*json, "dns_suffixes")) world.dns_suffixes = fields.texts("dns_suffixes");
    if (find(*json, "rights")) fields.each("rights", [&](Fields one) { world.rights.push_back(reserve_from(one)); });
    if (find(*json, "copies")) fields.each("copies", [&](Fields one) { world.copies.push_back(copy_from(one)); });
    if (find(*json, "stamps")) fields.each("stamps", [&](Fields one) { take_stamp(world, one); });
    if (find(*json, "faults")) fields.each("faults", [&](Fields one) { world.faults.push_back(fault_from(one)); });
    if (find(*json, "events")) fields.each("events", [&](Fields one) { world.events.push_back(event_from(one)); });
    if (wrong) return fail(wrong->code, "this is no embedded estate: " + wrong->text);
    return world;
}

std::string print_world(const World& world) {
    Json json = {{"fairway_estate", format_version}, {"estate", world.estate}};
    for (const KindRow& row : all_kinds) json[std::string(row.section)] = Json::object();
    for (const auto& [kind, object] : world.objects) {
        Json settings = Json::object();
        for (const Setting* row : catalogue())
            if (const auto it = world.values.find({object, row}); row->kind == kind && it != world.values.end())
                settings[std::string(row->name)] = to_json(it->second);
        json[std::string(row_of(kind).section)][object] = std::move(settings);
    }
    if (!world.others.empty()) json["accounts"] = Json::array();
    for (const NameOwner& owner : world.others) json["accounts"].push_back(to_json(owner));
    if (!world.dns_suffixes.empty()) json["dns_suffixes"] = world.dns_suffixes;
    if (!world.rights.empty()) json["rights"] = Json::array();
    for (const Reserve& one : world.rights) json["rights"].push_back(to_json(one));
    for (const Copy& copy : world.copies) json["copies"].push_back(to_json(copy));
    for (const auto& [address, stamp] : world.stamps) json["stamps"].push_back(to_json(address, stamp));
    if (!world.faults.empty()) json["faults"] = Json::array();
    for (const Fault& fault : world.faults) json["faults"].push_back(to_json(fault));
    if (!world.events.empty()) json["events"] = Json::array();
    for (const LogEvent& event : world.events) json["events"].push_back(to_json(event));
    return print_json(json);
}

}  // namespace fairway::memory
