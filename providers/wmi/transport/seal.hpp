// How does a sealed message travel in HTTP? The framing of MS-WSMV 2.2.9.1 (multipart/encrypted), written and read by
// lengths: the encrypted bytes may hold anything, a boundary too. Pure; it neither encrypts nor knows with what.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"

namespace fairway::wmi::seal {

// Which protocol name goes with which authentication scheme.
std::string_view protocol_of(std::string_view scheme);  // "Kerberos", else that of Negotiate
std::string content_type(std::string_view protocol);
bool is_sealed(std::string_view content_type);

// `length` is that of the message before it was encrypted.
std::string frame(std::string_view protocol, std::size_t length, std::string_view header, std::string_view data);

struct Unframed {
    std::string sealed;        // header and data, joined as the security context wants them
    std::size_t header = 0;    // how much of it the sender called the header
    std::size_t length = 0;    // what the message will have once opened, padding counted
    std::string_view content;  // type of the message, as the sender says: application/soap+xml;charset=UTF-8
};
// Takes what Windows, Exchange and OMI send (tabs or none, a blank after the dashes, an extra line end). The views
// point into `body`. Error: Code::protocol, cut or not of this form.
Result<Unframed> unframe(std::string_view body, std::string_view content_type);

}  // namespace fairway::wmi::seal
