// See shape.hpp. The walk over document and table side by side. What a scalar may be: shape_scalar.cpp.
#include "engine/policy/shape.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>
#include <vector>

#include "engine/base/text.hpp"

namespace fairway {
namespace {

using Kind = Node::Kind;
using Form = Shape::Form;

std::string_view kind_in_words(Kind kind) {
    switch (kind) {
        case Kind::nothing: return "nothing";
        case Kind::scalar: return "a plain value";
        case Kind::list: return "a list";
        case Kind::map: return "a map";
    }
    return "";
}

Kind kind_of(const Shape& shape) {
    return shape.form == Form::list ? Kind::list : shape.form == Form::map ? Kind::map : Kind::scalar;
}

class Check {
public:
    explicit Check(Complaints& complaints) : complaints_(complaints) {}

    // `name` is the key that the node stands behind, `label` what holds it.
    void node(const Node& node, const Shape& shape, std::string_view name, std::string_view label) {
        if (node.is(Kind::nothing)) return complaints_.add(node.place, name.size(), nothing(name, shape, label));
        if (shape.form == Form::either) return either(node, shape, name, label);
        if (node.kind != kind_of(shape)) return wrong_kind(node, shape, name);
        switch (node.kind) {
            case Kind::list: return list(node, shape, name, label);
            case Kind::map: return map(node, shape, name, label);
            default: return scalar(node, shape, name, label);
        }
    }

private:
    static std::string nothing(std::string_view name, const Shape& shape, std::string_view label) {
        if (name.empty()) return fmt::format("{} is empty: it must be {}", label, shape.what);
        return fmt::format("`{}` has no value: it must be {}", name, shape.what);
    }

    void wrong_kind(const Node& node, const Shape& shape, std::string_view name) {
        const std::string subject = name.empty() ? "this" : fmt::format("`{}`", name);
        complaints_.add(node, fmt::format("{} must be {}, not {}", subject, shape.what, kind_in_words(node.kind)));
    }

    void scalar(const Node& node, const Shape& shape, std::string_view name, std::string_view label) {
        std::string why = scalar_complaint(node, shape, name);
        if (why.empty()) return;
        if (!shape.noun.empty()) why += fmt::format(" in {}", label);
        complaints_.add(node, std::move(why), complaints_.guess(node.text, shape.choices));
    }

    // The option that is meant: of the node's kind; of several maps the one that knows most of the keys.
    void either(const Node& node, const Shape& shape, std::string_view name, std::string_view label) {
        const Shape* meant = nullptr;
        std::size_t best = 0;
        for (const Shape* option : shape.options) {
            if (kind_of(*option) != node.kind) continue;
            if (node.is(Kind::scalar)) {
                if (scalar_complaint(node, *option, name).empty()) return;
                continue;
            }
            const auto known = [&](const Entry& entry) {
                return std::any_of(option->fields.begin(), option->fields.end(),
                                   [&](const Field& field) { return field.key == entry.key; });
            };
            const auto count = static_cast<std::size_t>(std::count_if(node.entries.begin(), node.entries.end(), known));
            if (!meant || count > best) meant = option, best = count;
        }
        if (meant) return this->node(node, *meant, name, label);
        scalar_of_either(node, shape, name);
    }

    void scalar_of_either(const Node& node, const Shape& shape, std::string_view name) {
        const Shape* only = nullptr;
        std::vector<std::string_view> words;
        int scalars = 0;
        for (const Shape* option : shape.options) {
            if (kind_of(*option) != node.kind) continue;
            only = option;
            ++scalars;
            words.insert(words.end(), option->choices.begin(), option->choices.end());
        }
        if (scalars == 0) return wrong_kind(node, shape, name);
        // Numbers with units and the like have better words of their own.
        std::string why = scalars == 1 && only->choices.empty()
                              ? scalar_complaint(node, *only, name)
                              : fmt::format("`{}` must be {}, not `{}`", name, shape.what, node.text);
        complaints_.add(node, std::move(why), complaints_.guess(node.text, words));
    }

    void list(const Node& node, const Shape& shape, std::string_view name, std::string_view label) {
        if (node.items.empty() && !shape.if_empty.empty())
            complaints_.add(node, fmt::format("`{}` is {}", name, shape.if_empty));
        std::unordered_map<std::string, const Node*> seen;
        for (const Node& item : node.items) {
            if (item.is(Kind::nothing)) {
                complaints_.add(
                    item, fmt::format("an element of `{}` has no value: it must be {}", name, shape.element->what));
                continue;
            }
            if (shape.element->form != Form::either && item.kind != kind_of(*shape.element)) {
                complaints_.add(item, fmt::format("an element of `{}` must be {}, not {}", name, shape.element->what,
                                                  kind_in_words(item.kind)));
                continue;
            }
            this->node(item, *shape.element, name, label);
            if (!shape.distinct || !item.is(Kind::scalar)) continue;
            const auto [first, fresh] = seen.emplace(text::fold(item.text), &item);
            if (!fresh)
                complaints_.add(item, fmt::format("`{}` is in `{}` twice; first in line {}", item.text, name,
                                                  first->second->place.line));
        }
    }

    // How complaints call the map: by its own name, or as a part of what holds it.
    static std::string label_of(const Node& node, const Shape& shape, std::string_view name, std::string_view outer) {
        if (shape.label) return shape.label(node);
        if (name.empty() || shape.unnamed) return std::string(outer);
        return fmt::format("`{}` of {}", name, outer);
    }

    void map(const Node& node, const Shape& shape, std::string_view name, std::string_view outer) {
        const std::string label = label_of(node, shape, name, outer);
        if (node.entries.empty() && !shape.if_empty.empty())
            return complaints_.add(node, fmt::format("{} {}", label, shape.if_empty));
        std::vector<std::string_view> strange;  // keys that have no field
        for (const Entry& entry : node.entries) {
            const auto field = std::find_if(shape.fields.begin(), shape.fields.end(),
                                            [&](const Field& f) { return f.key == entry.key; });
            if (field != shape.fields.end()) {
                this->node(entry.value, *field->shape, entry.key, label);
            } else {
                unknown(entry, shape, label);
                strange.push_back(entry.key);
            }
        }
        lacks(node, shape, label, strange);
        // With strange keys about, nobody can know which alternative was meant.
        if (!shape.alternatives.empty() && strange.empty()) one_of(node, shape, label);
    }

    void lacks(const Node& node, const Shape& shape, std::string_view label,
               std::span<const std::string_view> strange) {
        for (const Field& field : shape.fields) {
            if (field.lack.empty() || node.entry(field.key)) continue;
            if (!field.unless.empty() && node.entry(field.unless)) continue;
            // A slip in the key was complained of by itself.
            const std::string_view wanted[] = {field.key};
            if (std::any_of(strange.begin(), strange.end(),
                            [&](std::string_view key) { return !text::did_you_mean(key, wanted).empty(); }))
                continue;
            complaints_.add(node.place, 1,
                            fmt::format("{} {}: `{}` is required ({})", label, field.lack, field.key, field.purpose));
        }
    }

    void unknown(const Entry& entry, const Shape& shape, std::string_view label) {
        if (std::find(shape.secrets.begin(), shape.secrets.end(), entry.key) != shape.secrets.end())
            return complaints_.add_secret(entry, fmt::format("`{}` {}", entry.key, shape.secret_words));
        if (shape.unknown)
            if (std::string why = shape.unknown(shape, entry); !why.empty())
                return complaints_.add(entry, std::move(why));
        std::vector<std::string_view> known;
        for (const Field& field : shape.fields) known.push_back(field.key);
        complaints_.add(entry, fmt::format("unknown {} `{}` in {}", shape.key_noun, entry.key, label),
                        complaints_.guess(entry.key, known));
    }

    // "`ticket_cache`, or `keytab` with `principal`"
    static std::string in_words(std::span<const Alternative> alternatives) {
        std::string out;
        for (const Alternative& alternative : alternatives) {
            if (!out.empty()) out += ", or ";
            out += fmt::format("`{}`", alternative.keys.front());
            for (std::string_view key : alternative.keys.subspan(1)) out += fmt::format(" with `{}`", key);
        }
        return out;
    }

    void one_of(const Node& node, const Shape& shape, std::string_view label) {
        const Alternative* used = nullptr;
        std::size_t meant = 0;
        for (const Alternative& alternative : shape.alternatives) {
            if (!node.entry(alternative.keys.front())) continue;
            used = &alternative;
            ++meant;
        }
        const auto lacks = [&](std::string_view key) { return node.entry(key) == nullptr; };
        const auto strays = [&](std::string_view key) {
            return !lacks(key) && std::find(used->keys.begin(), used->keys.end(), key) == used->keys.end();
        };
        const auto has_stray = [&](const Alternative& other) {
            return std::any_of(other.keys.begin(), other.keys.end(), strays);
        };
        if (meant != 1 || std::any_of(used->keys.begin(), used->keys.end(), lacks) ||
            std::any_of(shape.alternatives.begin(), shape.alternatives.end(), has_stray))
            complaints_.add(node.place, 1,
                            fmt::format("{} must have exactly one of: {}", label, in_words(shape.alternatives)));
    }

    Complaints& complaints_;
};

}  // namespace

void check(const Node& node, const Shape& shape, std::string_view label, Complaints& complaints) {
    Check(complaints).node(node, shape, "", label);
}

}  // namespace fairway
