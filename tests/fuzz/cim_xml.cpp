// Can an embedded instance make us crash? And is what we write of it what we read?
#include "providers/wmi/wsman/cim.hpp"

#include "tests/fuzz/law.hpp"

using namespace fairway;

namespace {

// Booleans and dates are written in one spelling, whichever they had.
bool respelled(const std::string& type) { return type == "boolean" || type == "datetime"; }

void check_round_trip(const wmi::cim::Instance& read) {
    const auto text = wmi::cim::to_text(read);
    if (!text) return;  // a boolean or date that is none: refused, and never sent
    const auto back = wmi::cim::from_text(*text);
    fuzz::law(back.has_value(), "what is written can be read");
    fuzz::law(back->class_name == read.class_name, "the class stays");
    std::size_t at = 0;
    for (const auto& property : read.properties) {
        if (property.null) continue;
        fuzz::law(at < back->properties.size(), "no property is lost");
        const auto& same = back->properties[at++];
        fuzz::law(same.name == property.name && same.type == property.type, "names and types stay");
        fuzz::law(same.array == property.array && same.values.size() == property.values.size(), "arrays stay arrays");
        fuzz::law(respelled(property.type) || same.values == property.values, "values stay");
    }
    fuzz::law(at == back->properties.size(), "no property is added");
    const auto again = wmi::cim::to_text(*back);
    fuzz::law(again && *again == *text, "written again it is the same text");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view input = fuzz::text_of(data, size);
    if (const auto instance = wmi::cim::from_text(input)) {
        fuzz::read_all(*instance);
        check_round_trip(*instance);
    }
    if (const auto root = wmi::xml::parse(input)) {
        const auto instance = wmi::cim::read_instance(*root);
        fuzz::read_all(instance);
        (void)wmi::cim::to_text(instance);
    }
    if (const auto time = wmi::cim::parse_datetime(input)) {
        const auto written = wmi::cim::cim_text(*time);
        if (written) fuzz::law(wmi::cim::parse_datetime(*written) == *time, "a date survives CIM's form");
        fuzz::law(!time->interval || written.has_value(), "every span that is read can be written");
    }
    return 0;
}
