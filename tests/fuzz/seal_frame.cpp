// Can the frame of a sealed message make us crash, or look outside of it? Input: the content type, a line end, the
// body.
#include "providers/wmi/transport/seal.hpp"

#include "tests/fuzz/law.hpp"

using namespace fairway;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view input = fuzz::text_of(data, size);
    const auto end = std::min(input.find('\n'), input.size());
    const std::string_view type = input.substr(0, end);
    const std::string_view body = input.substr(std::min(end + 1, input.size()));
    const auto read = wmi::seal::unframe(body, type);
    if (!read) {
        fuzz::law(!read.error().text.empty(), "a refusal says why");
        return 0;
    }
    fuzz::law(wmi::seal::is_sealed(type), "only what says it is sealed is unframed");
    fuzz::law(read->header > 0 && read->header <= read->sealed.size(), "the header lies within what is sealed");
    fuzz::law(body.find(read->sealed) != std::string_view::npos, "what is sealed came from the body");
    const std::string_view content = read->content;
    fuzz::law(content.empty() || (content.data() >= body.data() && content.end() <= body.end()),
              "the content's type is a view into the body");
    // Framed again by us it is the same message.
    const auto protocol = wmi::seal::protocol_of("Kerberos");
    const std::string_view sealed = read->sealed;
    const std::string again =
        wmi::seal::frame(protocol, read->length, sealed.substr(0, read->header), sealed.substr(read->header));
    const auto back = wmi::seal::unframe(again, wmi::seal::content_type(protocol));
    fuzz::law(back.has_value(), "what was read can be framed and read again");
    fuzz::law(back->sealed == read->sealed && back->header == read->header && back->length == read->length,
              "what was read, framed and read again is the same");
    return 0;
}
