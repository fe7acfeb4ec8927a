// Reads a JSON map key by key and remembers the first thing that is wrong with it, so that a reader of a
// file says what it expects in a column and asks once, at the end, whether all was well.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/json.hpp"

namespace fairway {

class Fields {
public:
    // `first` outlives the Fields and is shared by those of one document.
    Fields(const Json& json, std::string path, std::optional<Error>& first)
        : json_(json), path_(std::move(path)), first_(first) {}

    // After an error the answers are empty values; the error is in `first`.
    std::string text(std::string_view key) { return take(text_at(json_, key, path_)); }
    bool boolean(std::string_view key) { return take(boolean_at(json_, key, path_)); }
    std::int64_t integer(std::string_view key, Bounds bounds) { return take(integer_at(json_, key, path_, bounds)); }
    std::vector<std::string> texts(std::string_view key) { return take(texts_at(json_, key, path_)); }

    // A word of an enumeration, by its name(); after an error the first of `all`.
    template <class Enum, std::size_t N>
    Enum word(std::string_view key, const std::array<Enum, N>& all) {
        const std::string given = text(key);
        for (Enum one : all)
            if (name(one) == given) return one;
        complain({Code::bad_input, path_to(path_, key) + ": `" + given + "` is not known here"});
        return all.front();
    }

    void only(std::initializer_list<std::string_view> keys) {
        if (auto known = only_keys(json_, keys, path_); !known) complain(known.error());
    }

    // Calls `read(Fields)` for the map at `key`, or for each map of the list at `key`.
    template <class Read>
    void map(std::string_view key, Read read) {
        if (const Json* inner = take(map_at(json_, key, path_))) read(Fields(*inner, path_to(path_, key), first_));
    }
    template <class Read>
    void each(std::string_view key, Read read) {
        const Json* list = take(list_at(json_, key, path_));
        for (std::size_t i = 0; list && !first_ && i < list->size(); ++i)
            read(Fields((*list)[i], path_to(path_to(path_, key), i), first_));
    }

    const Json* raw(std::string_view key) {
        const Json* value = find(json_, key);
        if (!value) complain({Code::bad_input, path_to(path_, key) + " is missing"});
        return value;
    }
    const Json* json() const { return &json_; }
    const std::string& path() const { return path_; }
    std::optional<Error>& first() { return first_; }
    bool ok() const { return !first_; }
    void complain(Error error) {
        if (!first_) first_ = std::move(error);
    }
    template <class T>
    T take(Result<T> result) {
        if (result) return std::move(*result);
        complain(std::move(result.error()));
        return T{};
    }

private:
    const Json& json_;
    std::string path_;
    std::optional<Error>& first_;
};

}  // namespace fairway
