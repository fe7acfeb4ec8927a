// See former_keys.hpp. Which names those are: `formerly` of the fields.
#include "engine/policy/former_keys.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace fairway {
namespace {

class Renaming {
public:
    Renaming(const std::string& file, std::vector<std::string>& warnings) : file_(file), warnings_(warnings) {}

    void node(Node& node, const Shape& shape) {
        for (const Shape* option : shape.options) this->node(node, *option);
        if (shape.form == Shape::Form::list)
            for (Node& item : node.items) this->node(item, *shape.element);
        if (shape.form == Shape::Form::map)
            for (Entry& entry : node.entries) this->entry(node, entry, shape);
    }

private:
    void entry(const Node& map, Entry& entry, const Shape& shape) {
        for (const Field& field : shape.fields) {
            if (!field.formerly.empty() && entry.key == field.formerly && !map.entry(field.key)) {
                warnings_.push_back(fmt::format("{}:{}: the key `{}` is called `{}` now; the old name still works",
                                                file_, entry.place.line, entry.key, field.key));
                entry.key = field.key;
            }
            if (entry.key == field.key) return node(entry.value, *field.shape);
        }
    }

    const std::string& file_;
    std::vector<std::string>& warnings_;
};

}  // namespace

std::vector<std::string> rename_former_keys(Node& node, const Shape& shape, const std::string& file) {
    std::vector<std::string> out;
    Renaming(file, out).node(node, shape);
    return out;
}

}  // namespace fairway
