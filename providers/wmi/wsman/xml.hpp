// What does this XML say, by (namespace, local name) and never by prefix? And how is XML written so that no
// value can break out of its place? The only file that includes pugixml. It knows nothing of SOAP or CIM.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"

namespace fairway::wmi::xml {

// A namespace URI, empty for none. Shared by all that stand in it, because a document repeats few of them often.
class Space {
public:
    Space() = default;
    explicit Space(std::string_view uri) : uri_(std::make_shared<const std::string>(uri)) {}
    operator std::string_view() const { return uri_ ? std::string_view(*uri_) : std::string_view(); }
    bool empty() const { return std::string_view(*this).empty(); }
    friend bool operator==(const Space& a, std::string_view b) { return std::string_view(a) == b; }
    friend bool operator==(const Space& a, const Space& b) { return a.uri_ == b.uri_ || a == std::string_view(b); }

private:
    std::shared_ptr<const std::string> uri_;
};

struct Attribute {
    Space space;
    std::string local, value;
};

struct Element {
    Space space;
    std::string local;
    std::vector<Attribute> attributes;
    std::vector<Element> children;
    std::string text;  // the character data that stands directly in it

    // The first child of that name, or null.
    const Element* child(std::string_view wanted_space, std::string_view wanted_local) const;
    // The first child of that local name in whatever namespace: servers differ there (WMI-3, WMI-4).
    const Element* child(std::string_view wanted_local) const;
    // An attribute's value, or empty.
    std::string_view attribute(std::string_view wanted_space, std::string_view wanted_local) const;
    bool is(std::string_view wanted_space, std::string_view wanted_local) const {
        return local == wanted_local && space == wanted_space;
    }
};

// A full envelope of 512000 bytes stays far below all of these; a hostile one is refused before it is built.
struct Limits {
    std::size_t bytes = 8u << 20;
    std::size_t depth = 64;
    std::size_t elements = 200'000;
    std::size_t attributes = 64;  // of one element; each is compared with the others
};

// Well-formed UTF-8 without document type, entities of its own, or undeclared prefixes; else Code::protocol.
Result<Element> parse(std::string_view document, Limits limits = {});

// The document with each character that XML 1.0 cannot hold (raw, or as a reference) made U+FFFD: the texts of
// Windows' events are whatever a program logged, and one of them must not hide all the others.
std::string repaired(std::string_view document);

// Writes elements in order. Names are the program's own; texts and attribute values may come from anywhere
// and are escaped. A character that XML 1.0 cannot hold is refused: finish() then gives the Error.
class Writer {
public:
    // How & < > " and ' are written: by their names, as XML has them, or by numbers.
    enum class References { named, numeric };
    explicit Writer(References references = References::named) : references_(references) {}

    struct Pair {
        std::string_view name, value;
    };
    Writer& open(std::string_view name, std::initializer_list<Pair> attributes = {});
    Writer& text(std::string_view value);
    Writer& close();
    Writer& leaf(std::string_view name, std::string_view value, std::initializer_list<Pair> attributes = {});
    Result<std::string> finish() &&;

private:
    void escape(std::string_view value);
    void refer(char c, std::string_view name);

    References references_;
    std::string out_;
    std::vector<std::string> open_;
    bool refused_ = false;
};

}  // namespace fairway::wmi::xml
