// See document_keys.hpp.
#include "engine/policy/document_keys.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "engine/base/text.hpp"

namespace fairway {
namespace {

using Form = Shape::Form;

std::string form_in_words(const Shape& shape) {
    if (shape.form == Form::integer && shape.what.find(" from ") == std::string_view::npos)
        return fmt::format("{} from {} to {}", shape.what, shape.least, shape.most);
    if (shape.form == Form::text && shape.choices.size() > 1 && shape.noun.empty())
        return fmt::format("one of {}", text::join(shape.choices, ", "));
    if (shape.form == Form::text && shape.choices.size() == 1) return fmt::format("`{}`", shape.choices.front());
    return std::string(shape.what);
}

class Keys {
public:
    // `path` is that of the node; its keys stand below it.
    void below(const std::string& path, const Shape& shape) {
        if (shape.form == Form::list) return below(path + "[]", *shape.element);
        for (const Shape* option : shape.options) below(path, *option);
        if (shape.form != Form::map) return;
        listed_.emplace(&shape, path);
        for (const Field& field : shape.fields) {
            const std::string key = path.empty() ? std::string(field.key) : fmt::format("{}.{}", path, field.key);
            const bool new_key =
                std::none_of(rows.begin(), rows.end(), [&](const DocumentKey& row) { return row.path == key; });
            if (!new_key) continue;  // of two forms of a map
            rows.push_back({.path = key,
                            .may = form_in_words(*field.shape),
                            .fallback = field.fallback,
                            .needed = !field.lack.empty(),
                            .unless = field.unless});
            if (const Shape* same = listed_map(*field.shape)) rows.back().as = listed_.at(same);
            else below(key, *field.shape);
        }
    }

    std::vector<DocumentKey> rows;

private:
    static constexpr std::size_t few = 3;  // keys, which are simply listed again

    // A map of more keys, or a list of such maps, that is listed already.
    const Shape* listed_map(const Shape& shape) const {
        if (shape.form == Form::list) return listed_map(*shape.element);
        for (const Shape* option : shape.options)
            if (const Shape* found = listed_map(*option)) return found;
        return shape.fields.size() > few && listed_.contains(&shape) ? &shape : nullptr;
    }

    std::map<const Shape*, std::string> listed_;
};

}  // namespace

std::vector<DocumentKey> document_keys(const Shape& document) {
    Keys keys;
    keys.below({}, document);
    return std::move(keys.rows);
}

}  // namespace fairway
