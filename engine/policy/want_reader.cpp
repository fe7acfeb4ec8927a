// See want_reader.hpp.
#include "engine/policy/want_reader.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "engine/base/text.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/names/service_names.hpp"
#include "engine/policy/reading.hpp"
#include "engine/policy/spelling.hpp"
#include "engine/policy/want_shapes.hpp"

namespace fairway {
namespace {

using Kind = Node::Kind;

constexpr Comparator comparators[] = {Comparator::equals,  Comparator::includes, Comparator::within,
                                      Comparator::without, Comparator::at_least, Comparator::at_most};

class WantReader {
public:
    WantReader(const Setting& setting, Complaints& complaints) : setting_(setting), complaints_(complaints) {}

    std::vector<RuleWant> read(const Entry& entry) {
        const Node& value = entry.value;
        if (value.is(Kind::scalar) && value.text == present_word && setting_.elements == ElementForm::own_names)
            return {
                {&setting_, Comparator::includes, ComputedNames{{ServiceClass::migration}, Of::self, {}}, entry.place}};
        if (!value.is(Kind::map) || value.at("subnets")) return one(Comparator::equals, entry);
        std::vector<RuleWant> out;
        for (Comparator comparator : comparators) {
            const Entry* inner = value.entry(name(comparator));
            if (!inner) continue;
            for (RuleWant& want : one(comparator, *inner)) out.push_back(std::move(want));
        }
        return out;
    }

private:
    std::vector<RuleWant> one(Comparator comparator, const Entry& entry) {
        if (comparator == Comparator::without && entry.value.is(Kind::scalar)) {
            if (entry.value.text != vanished_word) return {};
            return {{&setting_, Comparator::vanished, Value(Set()), entry.place}};
        }
        if (const Node* classes = comparator == Comparator::without ? entry.value.at(vanished_word) : nullptr)
            return {{&setting_, Comparator::vanished, Value(classes_of(*classes)), entry.place}};
        if (comparator == Comparator::without)
            return {{&setting_, comparator, Value(Set(texts_of(entry.value.items))), entry.place}};
        auto value = operand(entry.value);
        if (!value) return {};
        const Value* plain = std::get_if<Value>(&*value);
        const Set* set = plain ? as_set(*plain) : nullptr;
        if (comparator == Comparator::includes && set && set->empty()) {
            complaints_.add(entry.value, fmt::format("`{}: {{includes: []}}` asks for nothing", setting_.name));
            return {};
        }
        return {{&setting_, comparator, std::move(*value), entry.place}};
    }

    // As they stand in names.
    static Set classes_of(const Node& list) {
        std::vector<std::string> out = texts_of(list.items);
        std::replace(out.begin(), out.end(), std::string("migration"), std::string(migration_service));
        return Set(out);
    }

    std::optional<Operand> operand(const Node& node) {
        switch (setting_.type) {
            case Type::boolean: return Value(node.text == "true");
            case Type::word: return Value(node.text);
            case Type::integer: {
                const auto number = integer_of(node);
                return number ? std::optional<Operand>(Value(*number)) : std::nullopt;
            }
            case Type::set: return set_operand(node);
        }
        return std::nullopt;
    }

    std::optional<Operand> set_operand(const Node& node) {
        if (node.is(Kind::scalar) && setting_.elements == ElementForm::accounts)
            return node.text == peers_word ? std::optional<Operand>(PeerAccounts()) : std::nullopt;
        if (node.is(Kind::scalar))
            return node.text == setting::any_network ? std::optional<Operand>(Value(Set({node.text}))) : std::nullopt;
        if (node.is(Kind::list)) return Value(Set(elements(node.items)));
        if (node.at("subnets")) return Value(Set(elements(items_at(node, "subnets"))));
        return computed(node);
    }

    ComputedNames computed(const Node& node) {
        ComputedNames out;
        for (const std::string& word : texts_of(items_at(node, "services")))
            out.services.push_back(word == "cifs" ? ServiceClass::cifs : ServiceClass::migration);
        out.of = text_at(node, "of") == "self" ? Of::self : Of::peers;
        out.also = elements(items_at(node, "also"));
        return out;
    }

    // Each in its one form, and none twice: two spellings of one thing would make two values of one.
    std::vector<std::string> elements(const std::vector<Node>& items) {
        std::vector<std::string> out;
        std::map<std::string, int> seen;
        for (const Node& item : items) {
            if (!item.is(Kind::scalar)) continue;
            std::string element = item.text;
            if (setting_.elements == ElementForm::networks) {
                auto canonical = spelling::canonical_network(item.text);
                if (!canonical) continue;
                element = std::move(*canonical);
            }
            if (setting_.elements == ElementForm::own_names) refuse_other_class(item);
            const auto [first, fresh] = seen.emplace(text::fold(key_of(setting_.key, element)), item.place.line);
            if (fresh) out.push_back(std::move(element));
            else complaints_.add(item, fmt::format("`{}` is here twice; first in line {}", item.text, first->second));
        }
        return out;
    }

    void refuse_other_class(const Node& item) {
        const std::string_view service = std::string_view(item.text).substr(0, item.text.find('/'));
        if (!text::same_folded(service, migration_service))
            complaints_.add(item, fmt::format("`{}` holds names of the class {} only; `{}` is none", setting_.name,
                                              migration_service, item.text));
    }

    const Setting& setting_;
    Complaints& complaints_;
};

}  // namespace

std::vector<RuleWant> read_wants(const Setting& setting, const Entry& entry, Complaints& complaints) {
    return WantReader(setting, complaints).read(entry);
}

}  // namespace fairway
