// See rollout_shape.hpp. The table from the inside out.
#include "engine/policy/rollout_shape.hpp"

#include <array>

#include "engine/policy/scalar_shapes.hpp"
#include "engine/policy/words.hpp"

namespace fairway {
namespace rollout_table {
namespace {

using Form = Shape::Form;

const Shape identifier = text_of("a name", spelling::identifier);
const Shape host_name = text_of("a host's name", spelling::host_name);
const Shape hosts_in_wave = number_of("a number of hosts", 1, 100'000, "hosts");
const Shape share_in_wave = text_of("a share of the hosts", spelling::percent);
const Shape rest = word_of("`rest`", rest_words);

// canary: 1, canary: {hosts: [HV01]}, canary: {tag: canary}
const Shape canary_hosts{.form = Form::list,
                         .what = "a list of hosts",
                         .element = &host_name,
                         .distinct = true,
                         .if_empty = "empty: the canary names no host"};
constexpr std::array<std::string_view, 1> hosts_keys = {"hosts"}, tag_keys = {"tag"};
constexpr std::array canary_alternatives = {Alternative{hosts_keys}, Alternative{tag_keys}};
const std::array canary_fields = {
    Field{.key = "hosts", .shape = &canary_hosts, .doc = "These hosts, by the inventory's names."},
    Field{.key = "tag", .shape = &identifier, .doc = "Hosts with this tag in the inventory."},
};
const Shape canary_map{.form = Form::map,
                       .what = "a map with `hosts` or `tag`",
                       .fields = canary_fields,
                       .alternatives = canary_alternatives};
const std::array canary_options = {&hosts_in_wave, &canary_map};
const Shape canary{.form = Form::either,
                   .what = "a number of hosts from 1 to 100000, or a map with `hosts` or `tag`",
                   .options = canary_options};

// waves: [25%, 10, rest]
const std::array wave_options = {&hosts_in_wave, &share_in_wave, &rest};
const Shape wave{.form = Form::either,
                 .what = "a share like 25%, a number of hosts from 1 to 100000, or `rest`",
                 .options = wave_options};
const Shape waves{
    .form = Form::list, .what = "a list of waves", .element = &wave, .if_empty = "empty: there is no wave in it"};

const Shape per = word_of("what the sizes of waves are of", per_words);

// order: name, order: {tags: [rack-a, rack-b]}
const Shape order_word = word_of("paths, name or migration_domain", order_words);
const Shape tags{.form = Form::list,
                 .what = "a list of tags",
                 .element = &identifier,
                 .distinct = true,
                 .if_empty = "empty: it orders nothing"};
const std::array order_fields = {
    Field{.key = "tags",
          .shape = &tags,
          .doc = "Hosts with the first tag come first, those without any of them last.",
          .lack = "names no tags",
          .purpose = "a list of tags of the inventory"},
};
const Shape order_map{.form = Form::map, .what = "a map with `tags`", .fields = order_fields};
const std::array order_options = {&order_word, &order_map};
const Shape order{.form = Form::either,
                  .what = "`paths`, `name`, `migration_domain`, or a map with `tags`",
                  .options = order_options};

const Shape pause = number_of("a number of minutes", 0, 10'080, "minutes");

// gates: [values, paths, trials]
const Shape gate = word_of("a gate", gate_words);
const Shape gates{.form = Form::list,
                  .what = "a list of gates",
                  .element = &gate,
                  .distinct = true,
                  .if_empty = "empty: leave it out for the usual gates"};

// window: {from: saturday 22:00, until: sunday 04:00, zone: Europe/Berlin}
const Shape window_end = text_of("a moment (RFC 3339 with a zone) or a time of the week", spelling::window_end);
const Shape zone = text_of("a time zone", spelling::zone);
const std::array window_fields = {
    Field{.key = "from",
          .shape = &window_end,
          .doc = "Its beginning: a moment, or a time of every week like `saturday 22:00`.",
          .lack = "has no beginning",
          .purpose = "2026-12-05T22:00:00+01:00, or saturday 22:00"},
    Field{.key = "until",
          .shape = &window_end,
          .doc = "Its end, in the same form.",
          .lack = "has no end",
          .purpose = "2026-12-06T04:00:00+01:00, or sunday 04:00"},
    Field{.key = "zone", .shape = &zone, .doc = "Of a weekly one: the IANA name of the zone of its clock."},
};
const Shape window{.form = Form::map,
                   .what = "a map with `from`, `until`, and `zone` if it is of every week",
                   .fields = window_fields,
                   .label = [](const Node&) { return std::string("the window"); }};

const Shape failed_hosts = number_of("a number of hosts", 1, 100'000, "hosts");
const std::array failures_options = {&failed_hosts, &share_in_wave};
const Shape max_failures{.form = Form::either,
                         .what = "a share like 10% or a number of hosts from 1 to 100000",
                         .options = failures_options};

const Shape on_failure = word_of("what follows a failure", on_failure_words);

}  // namespace
}  // namespace rollout_table

const RolloutShapes& rollout_shapes() {
    using namespace rollout_table;
    static const RolloutShapes all{canary, waves, per, order, pause, gates, window, max_failures, on_failure};
    return all;
}

}  // namespace fairway
