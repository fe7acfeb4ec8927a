// The pages are those that http.sys sends (KB 2020943 for the first).
#include "http_sys.hpp"

#include <boost/beast/http.hpp>

#include "mischief.hpp"

namespace lab {
namespace {

namespace http = boost::beast::http;

struct Page {
    unsigned status;
    const char* title;
    const char* heading;
    const char* text;
};
constexpr Page kPages[] = {
    {400, "Bad Request", "Bad Request - Request Too Long", "The size of the request headers is too long."},
    {404, "Not Found", "Not Found", "The requested resource is not found."},
    {503, "Service Unavailable", "Service Unavailable", "The service is unavailable."},
};

std::size_t header_bytes(const HttpRequest& request) {
    std::size_t size = request.method_string().size() + request.target().size() + 13;  // and blanks, version, two ends
    for (const auto& field : request) size += field.name_string().size() + field.value().size() + 4;
    return size;
}

}  // namespace

HttpResponse driver_page(const HttpRequest& request, unsigned status) {
    HttpResponse response(static_cast<http::status>(status), request.version());
    for (const Page& page : kPages) {
        if (page.status != status) continue;
        response.body() = std::string(
                              "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\"\"http://www.w3.org/TR/html4/"
                              "strict.dtd\">\r\n<HTML><HEAD><TITLE>")
                              .append(page.title)
                              .append(
                                  "</TITLE>\r\n<META HTTP-EQUIV=\"Content-Type\" Content=\"text/html; "
                                  "charset=us-ascii\"></HEAD>\r\n<BODY><h2>")
                              .append(page.heading)
                              .append("</h2>\r\n<hr><p>HTTP Error ")
                              .append(std::to_string(status))
                              .append(". ")
                              .append(page.text)
                              .append("</p>\r\n</BODY></HTML>\r\n");
    }
    response.set(http::field::server, "Microsoft-HTTPAPI/2.0");
    response.set(http::field::content_type, "text/html; charset=us-ascii");
    response.keep_alive(false);
    response.prepare_payload();
    return response;
}

std::optional<HttpResponse> refused_by_driver(Host& host, const HttpRequest& request) {
    const auto most = host.with([](Host::State& state) { return state.most_header_bytes; });
    if (header_bytes(request) > most) return driver_page(request, 400);
    if (host.turns_away("starting")) return driver_page(request, 503);
    const auto authorization = request[http::field::authorization];
    if (authorization.starts_with("Kerberos ") && host.turns_away("bare-kerberos")) {
        HttpResponse response(http::status::bad_request, request.version());
        response.keep_alive(request.keep_alive());
        response.prepare_payload();
        return response;
    }
    return std::nullopt;
}

}  // namespace lab
