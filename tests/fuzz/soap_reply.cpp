// Can a reply of a host make us crash, whatever question it answers? And does our reading of XML agree with our
// writing of it?
#include "providers/wmi/events/event_messages.hpp"
#include "providers/wmi/wsman/soap.hpp"

#include "engine/base/text.hpp"
#include "tests/fuzz/law.hpp"

using namespace fairway;

namespace {

using wmi::xml::Element;

void write_tree(wmi::xml::Writer& out, const Element& element) {
    // Attributes cannot be handed over as a list whose length is not known: each goes into a child of its own.
    out.open(element.local, {{"xmlns", element.space}});
    for (const auto& attribute : element.attributes) {
        if (attribute.space.empty()) out.open("attribute", {{"xmlns", ""}, {attribute.local, attribute.value}}).close();
        else
            out.open("attribute",
                     {{"xmlns", ""}, {"xmlns:a", attribute.space}, {"a:" + attribute.local, attribute.value}})
                .close();
    }
    out.text(element.text);
    for (const Element& child : element.children) write_tree(out, child);
    out.close();
}

// Blanks between elements are layout, and the reader drops them.
std::string_view said(const Element& element, bool layout) {
    return layout && text::trim(element.text).empty() ? std::string_view{} : std::string_view(element.text);
}

bool same(const Element& read, const Element& written) {
    const std::size_t attributes = read.attributes.size();
    if (read.space != written.space || read.local != written.local) return false;
    if (written.children.size() != attributes + read.children.size()) return false;
    if (said(read, !written.children.empty()) != said(written, !written.children.empty())) return false;
    for (std::size_t i = 0; i < attributes; ++i) {
        const auto& as = written.children[i].attributes;
        if (as.size() != 1 || as[0].space != read.attributes[i].space || as[0].local != read.attributes[i].local ||
            as[0].value != read.attributes[i].value)
            return false;
    }
    for (std::size_t i = 0; i < read.children.size(); ++i)
        if (!same(read.children[i], written.children[attributes + i])) return false;
    return true;
}

bool fits(const Element& element, std::size_t depth) {
    if (depth > 62) return false;
    for (const auto& attribute : element.attributes)
        if (attribute.space == "http://www.w3.org/XML/1998/namespace") return false;  // cannot be bound to `a`
    for (const Element& child : element.children)
        if (!fits(child, depth + 1)) return false;
    return true;
}

void check_tree(std::string_view input) {
    const auto tree = wmi::xml::parse(input);
    if (!tree || !fits(*tree, 1)) return;
    wmi::xml::Writer out;
    write_tree(out, *tree);
    const auto written = std::move(out).finish();
    if (!written) return;  // a reference to a character that we never send
    const auto back = wmi::xml::parse(*written);
    fuzz::law(back.has_value(), "what was read can be written and read again");
    fuzz::law(same(*tree, *back), "what was read, written and read again says the same");
}

void check_reply(const wmi::soap::Reply& reply) {
    if (reply.fault) fuzz::law(!wmi::explain(*reply.fault).text.empty(), "a fault is explained");
    if (const auto batch = wmi::soap::read_batch(reply.body))
        for (const auto& instance : batch->instances) {
            fuzz::read_all(instance);
            for (const auto& property : instance.properties)
                for (const auto& value : property.values) (void)wmi::cim::from_text(value);
        }
    if (const auto subscribed = wmi::soap::read_subscribed(reply.body)) {
        fuzz::law(!subscribed->context.empty(), "a subscription without a context is none");
        (void)wmi::soap::unsubscribe({"http://h", "uuid:1"}, subscribed->manager);
    }
    if (const auto events = wmi::soap::read_events(reply))
        fuzz::law((events->unreadable == 0) == events->why_unreadable.empty(), "an unreadable event has a reason");
    for (const Element& child : reply.body.children) fuzz::read_all(wmi::cim::read_instance(child));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view input = fuzz::text_of(data, size);
    const auto reply = wmi::soap::read_reply(input, "uuid:1");
    if (reply) check_reply(*reply);
    else fuzz::law(!reply.error().text.empty(), "a refusal says why");
    if (const auto repaired = wmi::soap::read_reply(wmi::xml::repaired(input), "uuid:1")) check_reply(*repaired);
    (void)wmi::soap::read_identity(input);
    // What a job failed with is the host's text too.
    fuzz::law(!wmi::explain_failure("a move", input, size).text.empty(), "a failure is explained");
    fuzz::law(!wmi::explain_return("M", size).text.empty(), "a return value is explained");
    check_tree(input);
    return 0;
}
