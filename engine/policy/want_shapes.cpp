// See want_shapes.hpp.
#include "engine/policy/want_shapes.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <fmt/format.h>
#include <vector>

#include "engine/base/text.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/model/want.hpp"
#include "engine/policy/spelling.hpp"

namespace fairway {
namespace {

using Form = Shape::Form;

// Which comparator fits which type, and how it is said to somebody who took the wrong one.
struct ComparatorRow {
    Comparator comparator;
    std::string_view compares;
    bool (*fits)(const Setting& row);
    std::string_view doc;
};
bool is_set(const Setting& row) { return row.type == Type::set; }
bool is_number(const Setting& row) { return row.type == Type::integer; }
bool holds_services(const Setting& row) { return is_set(row) && row.key == Key::whole; }

constexpr std::array comparator_rows = {
    ComparatorRow{Comparator::equals, "anything", [](const Setting&) { return true; }, "Just this."},
    ComparatorRow{Comparator::includes, "sets", is_set, "At least these; others stay."},
    ComparatorRow{Comparator::within, "sets", is_set, "None but these."},
    ComparatorRow{Comparator::without, "sets of service principal names", holds_services,
                  "Nothing that fits one of these patterns (* and ?, without case); all else stays."},
    ComparatorRow{Comparator::at_least, "whole numbers", is_number, "This or more."},
    ComparatorRow{Comparator::at_most, "whole numbers", is_number, "This or less."},
};

constexpr std::array<std::string_view, 1> any_words = {setting::any_network};
constexpr std::array<std::string_view, 1> present_words = {present_word};
constexpr std::array<std::string_view, 1> peers_words = {peers_word};
constexpr std::array<std::string_view, 1> vanished_words = {vanished_word};
constexpr std::array<std::string_view, 2> all_services = {"cifs", "migration"};
constexpr std::array<std::string_view, 1> own_services = {"migration"};
constexpr std::array<std::string_view, 2> all_of = {"peers", "self"};
constexpr std::array<std::string_view, 1> own_of = {"self"};

// A policy that wants both says both, in two rules: each has its own reason.
std::string pattern_check(std::string_view text) {
    if (text == vanished_word) return "stands alone, as `without: vanished`; patterns go into a rule of their own";
    return spelling::service_pattern.check(text);
}

std::string class_check(std::string_view text) {
    if (text.find('/') != std::string_view::npos) return "is no class: leave out the `/` and what follows it";
    const auto allowed = [](char c) { return text::is_alnum(c) || c == '.' || c == '_' || c == '-' || c == ' '; };
    if (text.empty() || !std::all_of(text.begin(), text.end(), allowed))
        return "is no class: letters, digits, `.`, `_`, `-` and blanks";
    return {};
}

const Shape spn_text{.form = Form::text,
                     .what = "a service principal name",
                     .check = spelling::service_name.check,
                     .pattern = spelling::service_name.pattern};
const Shape pattern_text{.form = Form::text,
                         .what = "a pattern of service principal names",
                         .check = pattern_check,
                         .pattern = spelling::service_pattern.pattern};
const Shape network_text{.form = Form::text,
                         .what = "a network like 10.20.0.0/24",
                         .check = spelling::network.check,
                         .pattern = spelling::network.pattern};
const Shape account_text{.form = Form::text,
                         .what = "the name of an account",
                         .check = spelling::account.check,
                         .pattern = spelling::account.pattern};
const Shape account_list{.form = Form::list, .what = "a list of accounts", .element = &account_text};
const Shape peers_text{.form = Form::text, .what = "`peers`", .choices = peers_words};
const Shape spn_list{.form = Form::list, .what = "a list of service principal names", .element = &spn_text};
const Shape pattern_list{.form = Form::list,
                         .what = "a list of patterns like ldap/*",
                         .element = &pattern_text,
                         .distinct = true,
                         .if_empty = "empty: it must name what is not to be there"};
const Shape vanished_text{.form = Form::text, .what = "`vanished`", .choices = vanished_words};
constexpr std::string_view without_services_doc =
    "vanished: nothing for computers that have no account in the forest, {vanished: [cifs, migration]}: the same of "
    "these classes alone; or nothing that fits one of these patterns (* and ?, without case). All else stays.";
const Shape class_text{.form = Form::text,
                       .what = "a class of service principal names",
                       .check = class_check,
                       .pattern = "^[A-Za-z0-9._ -]+$"};
const Shape class_list{.form = Form::list,
                       .what = "a list of classes like cifs, migration, HOST",
                       .element = &class_text,
                       .distinct = true,
                       .if_empty = "empty: it must name a class (`without: vanished` is about all of them)"};
const std::array vanished_fields = {
    Field{
        .key = vanished_word,
        .shape = &class_list,
        .doc =
            "Of these classes only (`migration` is the migration service's). What has vanished of others is a finding, "
            "and stays.",
        .lack = "names no classes",
        .purpose = "a list of classes"},
};
const Shape vanished_map{.form = Form::map, .what = "a map with `vanished`", .fields = vanished_fields};
const std::array without_options = {&vanished_text, &pattern_list, &vanished_map};
const Shape without_services{
    .form = Form::either, .what = "`vanished`, or a list of patterns like ldap/*", .options = without_options};
const Shape network_list{.form = Form::list, .what = "a list of networks", .element = &network_text};
const Shape any_text{.form = Form::text, .what = "`any`", .choices = any_words};
const Shape present_text{.form = Form::text, .what = "`present`", .choices = present_words};

const std::array subnets_fields = {
    Field{.key = "subnets",
          .shape = &network_list,
          .doc = "Just these networks; ` metric N` may follow one.",
          .lack = "names no networks",
          .purpose = "a list of networks"},
};
const Shape subnets_map{.form = Form::map, .what = "a map with `subnets`", .fields = subnets_fields};

// {services: […], of: …, also: […]}
struct ComputedShape {
    ComputedShape(std::span<const std::string_view> service_words, std::span<const std::string_view> of_words)
        : service{.form = Form::text, .what = "a service", .choices = service_words},
          services{.form = Form::list,
                   .what = "a list of services",
                   .element = &service,
                   .distinct = true,
                   .if_empty = "empty: it must name a service"},
          of{.form = Form::text, .what = "whose names are meant", .choices = of_words},
          fields{Field{.key = "services",
                       .shape = &services,
                       .doc = "By short and by full name of every host.",
                       .lack = "names no services",
                       .purpose = "a list of cifs, migration"},
                 Field{.key = "of",
                       .shape = &of,
                       .doc = "peers: the other hosts of its migration domain; self: the host itself.",
                       .lack = "does not say whose names are meant",
                       .purpose = "peers or self"},
                 Field{.key = "also", .shape = &spn_list, .doc = "And these, exactly so."}},
          map{.form = Form::map, .what = "a map with `services` and `of`", .fields = fields} {}
    ComputedShape(const ComputedShape&) = delete;

    Shape service, services, of;
    std::array<Field, 3> fields;
    Shape map;
};

// How a policy writes a set: behind a comparator, and alone.
struct SetForm {
    ElementForm elements;
    const char* what;
    std::vector<const Shape*> operands, values;
};

const SetForm& set_form(ElementForm elements) {
    static const ComputedShape computed(all_services, all_of), own(own_services, own_of);
    static const std::array forms = {
        SetForm{ElementForm::services,
                "a list of service principal names, or comparators",
                {&spn_list, &computed.map},
                {&spn_list}},
        SetForm{ElementForm::own_names,
                "`present`, or a list of service principal names, or comparators",
                {&spn_list, &own.map},
                {&present_text, &spn_list}},
        SetForm{ElementForm::accounts,
                "a list of accounts, or comparators with such a list or `peers`",
                {&peers_text, &account_list},
                {&account_list}},
        SetForm{ElementForm::networks,
                "`any`, or a list of networks, or comparators",
                {&any_text, &network_list, &subnets_map},
                {&any_text, &network_list, &subnets_map}},
    };
    return *std::find_if(forms.begin(), forms.end(), [&](const SetForm& one) { return one.elements == elements; });
}

std::string unknown_comparator(const Shape& shape, const Entry& entry) {
    const Setting& row = *find_setting(shape.about);
    for (const ComparatorRow& comparator : comparator_rows)
        if (name(comparator.comparator) == entry.key)
            return fmt::format("`{}` compares {}, but `{}` holds one {}", entry.key, comparator.compares, row.name,
                               name(row.type));
    if (row.type == Type::set && (entry.key == "services" || entry.key == "of" || entry.key == "also"))
        return fmt::format("`{}` stands behind a comparator: `includes: {{services: [cifs], of: peers}}`", entry.key);
    return {};
}

std::string unknown_setting(const Shape&, const Entry& entry) {
    const Setting* row = find_setting(entry.key);
    if (!row) return {};
    if (row->access == Access::by_command)
        return fmt::format("`{}` is written by a command of its own: no rule can want it", entry.key);
    return fmt::format("`{}` is only read: no rule can want it", entry.key);
}

// Everything behind one setting's name. Stands still once made: the shapes point at each other.
struct WantOf {
    explicit WantOf(const Setting& setting) : row(setting) {
        scalar = {.form = row.type == Type::boolean   ? Form::boolean
                          : row.type == Type::integer ? Form::integer
                                                      : Form::text,
                  .what = {},
                  .choices = row.choices,
                  .least = row.least,
                  .most = row.most,
                  .unit = row.unit};
        if (row.type == Type::set) make_set_options();
        else operands = values = {&scalar};
        what = describe();
        scalar.what = what;
        operand = {.form = Form::either, .what = what, .options = operands};
        for (const ComparatorRow& comparator : comparator_rows)
            if (comparator.fits(row)) comparators.push_back(field_of(comparator));
        comparator_map = {.form = Form::map,
                          .what = "a map of comparators",
                          .if_empty = "has no comparator",
                          .fields = comparators,
                          .key_noun = "comparator",
                          .about = row.name,
                          .unknown = unknown_comparator};
        values.push_back(&comparator_map);
        value = {.form = Form::either, .what = what, .options = values};
    }
    WantOf(const WantOf&) = delete;

    Field field_of(const ComparatorRow& comparator) const {
        Field out{.key = name(comparator.comparator), .shape = single(operands, operand), .doc = comparator.doc};
        if (comparator.comparator != Comparator::without) return out;
        out.shape = &pattern_list;
        // Only a list of others' names can name computers that are gone.
        if (row.elements != ElementForm::services) return out;
        out.shape = &without_services;
        out.doc = without_services_doc;
        return out;
    }

    static const Shape* single(const std::vector<const Shape*>& options, const Shape& either) {
        return options.size() == 1 ? options.front() : &either;
    }

    void make_set_options() {
        const SetForm& set = set_form(row.elements);
        operands = set.operands;
        values = set.values;
    }

    std::string describe() const {
        if (row.type == Type::boolean) return "true or false";
        if (row.type == Type::integer) return fmt::format("a number of {}", row.unit);
        if (row.type == Type::word) return fmt::format("one of {}", fmt::join(row.choices, ", "));
        return set_form(row.elements).what;
    }

    const Setting& row;
    std::string what;
    Shape scalar{Form::text}, operand{Form::text}, comparator_map{Form::text}, value{Form::text};
    std::vector<const Shape*> operands, values;
    std::vector<Field> comparators;
};

// For editors: what the setting is, in which unit, and what an element looks like.
std::string doc_of(const Setting& row) {
    std::string doc(row.doc);
    if (row.type == Type::integer) doc += fmt::format(" In {}, {} to {}.", row.unit, row.least, row.most);
    if (!row.element.empty()) doc += fmt::format(" An element: {}.", row.element);
    return doc + fmt::format(" Belongs to the {}.", name(row.kind));
}

struct Wants {
    Wants() {
        for (const Setting* row : catalogue()) {
            if (row->access != Access::managed) continue;
            all.emplace_back(*row);
            docs.push_back(doc_of(*row));
            names.push_back(row->name);
            fields.push_back({.key = row->name, .shape = &all.back().value, .doc = docs.back()});
        }
        map = {.form = Form::map,
               .what = "a map of settings and their values",
               .if_empty = "wants nothing: `want` names no setting",
               .fields = fields,
               .key_noun = "setting",
               .unnamed = true,
               .unknown = unknown_setting};
    }

    std::deque<WantOf> all;
    std::deque<std::string> docs;
    std::vector<std::string_view> names;
    std::vector<Field> fields;
    Shape map{Form::text};
};

const Wants& wants() {
    static const Wants all;
    return all;
}

}  // namespace

const Shape& want_shape() { return wants().map; }

std::span<const std::string_view> managed_settings() { return wants().names; }

}  // namespace fairway
