// Is a sealed message framed as MS-WSMV 2.2.9.1 says, and read by its lengths whoever wrote it?
#include <doctest/doctest.h>

#include "providers/wmi/transport/seal.hpp"

namespace fairway::wmi::seal_test {
namespace {

const std::string type = seal::content_type(seal::protocol_of("Negotiate"));

std::string framed(const std::string& start, const std::string& tab, const std::string& length, std::size_t header,
                   const std::string& bytes, const std::string& end) {
    std::string out = start + "\r\n" + tab + "Content-Type: application/HTTP-SPNEGO-session-encrypted\r\n" + tab +
                      "OriginalContent: type=application/soap+xml;charset=UTF-8;Length=" + length + "\r\n" + start +
                      "\r\n" + tab + "Content-Type: application/octet-stream\r\n";
    for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>((header >> shift) & 0xff);
    return out + bytes + end;
}

const std::string start = "--Encrypted Boundary", end = "--Encrypted Boundary--\r\n";

}  // namespace

TEST_CASE("seal: written as the specification has it") {
    const std::string header(60, 'H'), data = "0123456789";
    const std::string body = seal::frame(seal::protocol_of("Kerberos"), data.size(), header, data);
    CHECK(body ==
          "--Encrypted Boundary\r\n\tContent-Type: application/HTTP-Kerberos-session-encrypted\r\n"
          "\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=10\r\n"
          "--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n" +
              std::string("\x3c\0\0\0", 4) + header + data + "--Encrypted Boundary--\r\n");
    const auto back = seal::unframe(body, type);
    REQUIRE(back.has_value());
    CHECK(back->sealed == header + data);
    CHECK(back->header == 60);
    CHECK(back->length == 10);
    CHECK(back->content == "application/soap+xml;charset=UTF-8");
}

TEST_CASE("seal: read in every spelling, and whatever the encrypted bytes hold") {
    const std::string nasty = "--Encrypted Boundary--\r\n--Encrypted Boundary\r\n" + std::string("\0\xff\r\n", 4);
    const std::string length = std::to_string(nasty.size());
    const std::string header(60, '\n');
    for (const std::string& dashes : {start, std::string("-- Encrypted Boundary"), std::string("--encrypted boundary")})
        for (const char* tab : {"\t", "", " "})
            for (const std::string& last :
                 {end, std::string("--Encrypted Boundary--\r\n\r\n"), std::string("-- Encrypted Boundary--\r\n"),
                  std::string("--Encrypted Boundary--")}) {
                const auto back = seal::unframe(framed(dashes, tab, length, 60, header + nasty, last), type);
                CAPTURE(dashes);
                CAPTURE(last);
                REQUIRE_MESSAGE(back.has_value(), (back ? "" : back.error().text));
                CHECK(back->sealed == header + nasty);
            }
    // The trailer behind the data, as gss_wrap leaves it and OMI sends it.
    const auto behind =
        seal::unframe(framed(start, "", length, 32, std::string(32, 'H') + nasty + std::string(28, 'T'), end), type);
    REQUIRE(behind.has_value());
    CHECK(behind->sealed.size() == 60 + nasty.size());
}

TEST_CASE("seal: what is cut, overlong or something else is refused") {
    const std::string good = framed(start, "\t", "10", 60, std::string(70, 'x'), end);
    REQUIRE(seal::unframe(good, type).has_value());
    // Without its last line end it is whole still.
    for (std::size_t size = 0; size + 2 < good.size(); ++size) {
        CAPTURE(size);
        CHECK_FALSE(seal::unframe(good.substr(0, size), type).has_value());
    }
    CHECK_FALSE(seal::unframe(good, "application/soap+xml").has_value());
    CHECK_FALSE(seal::unframe(good, "multipart/x-multi-encrypted").has_value());
    for (const char* length : {"", "-1", "1x", "99999999999999999999999", "75", "200", "0x0a"}) {
        CAPTURE(length);
        CHECK_FALSE(seal::unframe(framed(start, "\t", length, 60, std::string(70, 'x'), end), type).has_value());
    }
    for (const std::size_t header : {std::size_t{0}, std::size_t{71}, std::size_t{5000}, std::size_t{0xffffffff}}) {
        CAPTURE(header);
        CHECK_FALSE(seal::unframe(framed(start, "\t", "10", header, std::string(70, 'x'), end), type).has_value());
    }
    CHECK_FALSE(seal::unframe(good + "more", type).has_value());
    CHECK_FALSE(seal::unframe("x" + good, type).has_value());
}

}  // namespace fairway::wmi::seal_test
