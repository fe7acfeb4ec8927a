// See setting.hpp.
#include "engine/model/setting.hpp"

namespace fairway {

bool disturbs(const Setting& setting, const Value& after) {
    if (setting.disturbs == Disturbs::when_off) return after == Value(false);
    return setting.disturbs == Disturbs::always;
}

std::string_view name(Kind kind) { return row_of(kind).name; }

std::string_view name(Type type) {
    constexpr std::array<std::string_view, 4> names = {"boolean", "integer", "word", "set"};
    return names.at(static_cast<std::size_t>(type));
}

std::string_view name(Risk risk) {
    constexpr std::array<std::string_view, 5> names = {"low", "medium", "high", "critical", "forbidden"};
    return names.at(static_cast<std::size_t>(risk));
}

std::string_view name(Stage stage) { return stage == Stage::directory ? "directory" : "host"; }

std::string_view name(Undo undo) { return undo == Undo::exact ? "exact" : "by element"; }

}  // namespace fairway
