// See record.hpp.
#include "providers/wmi/transport/record.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/wmi/transport/challenge.hpp"
#include "providers/wmi/transport/record_xml.hpp"
#include "providers/wmi/transport/seal.hpp"

namespace fairway::wmi {
namespace {

// Headers that name nobody; of the others only the name is shown.
constexpr std::array<std::string_view, 10> shown_headers = {
    "Content-Type", "Content-Length", "Transfer-Encoding", "Connection",    "Server",
    "Date",         "Allow",          "Retry-After",       "Cache-Control", "X-Squid-Error"};

std::string size_of(std::string_view secret) { return fmt::format("({} characters, cut)", secret.size()); }

std::string without_token(std::string_view authorization) {
    const auto blank = authorization.find(' ');
    return blank == authorization.npos
               ? size_of(authorization)
               : fmt::format("{} {}", authorization.substr(0, blank), size_of(authorization.substr(blank + 1)));
}

std::string without_tokens(std::string_view challenges) {
    std::string out;
    for (const Challenge& one : read_challenges(challenges))
        out += fmt::format("{}{}{}", out.empty() ? "" : ", ", one.scheme,
                           one.token.empty() ? "" : " " + size_of(one.token));
    return out;
}

std::string header_shown(std::string_view name, std::string_view value, StandIns& names) {
    const auto is = [&](std::string_view other) { return text::same_folded(name, other); };
    if (is("WWW-Authenticate") || is("Proxy-Authenticate")) return without_tokens(value);
    return std::any_of(shown_headers.begin(), shown_headers.end(), is) ? names.in(text::printable(value))
                                                                       : size_of(value);
}

// The first 60 bytes: of Kerberos' with AES all that is no data.
std::string head_of(std::string_view body, std::string_view content_type) {
    constexpr std::size_t most = 60;
    const auto framed = seal::unframe(body, content_type);
    if (!framed) return "cannot be read: " + framed.error().text;
    std::string out;
    for (const char c : std::string_view(framed->sealed).substr(0, most))
        out += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return out;
}

// The last word of a message's action.
std::string action_of(std::string_view soap) {
    const auto start = soap.find("Action");
    const auto from = start == soap.npos ? start : soap.find('>', start);
    if (from == soap.npos) return soap.find("Identify") == soap.npos ? "message" : "Identify";
    std::string_view uri = soap.substr(from + 1, soap.substr(from + 1).find('<'));
    uri = uri.substr(uri.rfind('/') + 1);
    const bool word = !uri.empty() && uri.size() < 60 && std::all_of(uri.begin(), uri.end(), text::is_alnum);
    return word ? std::string(uri) : "message";
}

// A page of http.sys names nobody.
bool is_windows_page(const std::vector<std::pair<std::string, std::string>>& headers) {
    const auto is = [](const auto& header) {
        return text::same_folded(header.first, "Server") && header.second.starts_with("Microsoft-HTTPAPI/");
    };
    return std::any_of(headers.begin(), headers.end(), is);
}

}  // namespace

void Exchange::sent(const Post& post, std::string_view clear) {
    if (recording_ == nullptr) return;
    type_ = post.content_type;
    if (!post.authorization.empty()) authorization_ = without_token(post.authorization);
    request_ = clear;
    if (seal::is_sealed(type_)) request_head_ = head_of(post.body, type_);
}

void Exchange::came(const HttpReply& reply, const Result<std::string>& answer) {
    if (recording_ == nullptr) return;
    took_ = std::chrono::steady_clock::now() - began_;
    if (!answer) {
        trouble_ = answer.error().text;
        return;
    }
    status_ = reply.status;
    headers_ = reply.headers;
    if (seal::is_sealed(reply.content_type)) reply_head_ = head_of(reply.body, reply.content_type);
    else reply_ = reply.body;
}

void Exchange::means(const Result<std::string>& text) {
    if (recording_ == nullptr) return;
    if (text) reply_ = *text;
    else trouble_ = text.error().text;
}

void Exchange::keep() {
    if (recording_ == nullptr) return;
    recording_->keep([this](StandIns& names) {
        const std::string host = endpoint_.name.substr(0, endpoint_.name.find('.'));
        std::string text = written(names);
        std::erase(text, '\r');
        return Recording::Note{names.of(host, StandIns::Kind::host) + "-" + stem(), text::printable_lines(text)};
    });
}

std::string Exchange::stem() const { return request_.empty() ? "sign-on" : action_of(request_); }

std::string Exchange::written(StandIns& names) const {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(took_).count();
    std::string out = fmt::format("POST {}\nContent-Type: {}\n", names.in(url(endpoint_)), type_);
    if (!authorization_.empty()) out += fmt::format("Authorization: {}\n", authorization_);
    if (!request_head_.empty()) out += fmt::format("First bytes of the sealed message: {}\n", request_head_);
    out += fmt::format("\n{}\n\n", request_.empty() ? "(no message)" : publishable_xml(request_, names));
    if (status_ == 0) return out + fmt::format("No answer after {} ms: {}\n", ms, names.in(trouble_));
    out += fmt::format("HTTP {} after {} ms\n", status_, ms);
    for (const auto& [name, value] : headers_)
        out += fmt::format("{}: {}\n", text::printable(name), header_shown(name, value, names));
    if (!reply_head_.empty()) out += fmt::format("First bytes of the sealed message: {}\n", reply_head_);
    if (!trouble_.empty()) out += fmt::format("Taken for: {}\n", names.in(trouble_));
    const std::string_view body = text::trim(reply_);
    if (body.empty()) return out + "\n(no message)\n";
    if (!body.starts_with('<')) return out + fmt::format("\n({} bytes that are no XML)\n", body.size());
    const bool page = is_windows_page(headers_) && !text::matches("*Envelope*", body.substr(0, 400));
    return out + fmt::format("\n{}\n", page ? names.in(body) : publishable_xml(body, names));
}

}  // namespace fairway::wmi
