// Accepting on one thread; each connection then has a thread of its own.
#include "listener.hpp"

#include <boost/asio/post.hpp>
#include <iostream>
#include <thread>

#include "move.hpp"

namespace lab {

using boost::asio::ip::tcp;

Listener::Listener(Server& server, Certificates& certificates, tcp::endpoint wsman, unsigned short tls_port)
    : server_(server),
      certificates_(certificates),
      wsman_(io_, wsman),
      wsman_tls_(io_, tcp::endpoint(wsman.address(), tls_port)) {}

void Listener::run() {
    accept(Port::wsman, wsman_);
    accept(Port::wsman_tls, wsman_tls_);
    follow_state();
    io_.run();
}

void Listener::follow_state() {
    boost::asio::post(io_, [this] {
        set_migration_door(server_.host.with([&](Host::State& state) {
            return !state.migration_port_shut && !listener_addresses(server_.host.estate(), state).empty();
        }));
    });
}

void Listener::set_migration_door(bool open) {
    if (open == migration_.has_value()) return;
    if (!open) {
        migration_.reset();
        return;
    }
    try {
        migration_.emplace(io_, tcp::endpoint(wsman_.local_endpoint().address(), kMigrationPort));
        accept(Port::migration, *migration_);
    } catch (const boost::system::system_error& error) {
        migration_.reset();
        std::cerr << "the migration port cannot be opened: " << error.what() << std::endl;
    }
}

void Listener::accept(Port port, tcp::acceptor& at) {
    at.async_accept([this, port, &at](const boost::system::error_code& error, tcp::socket socket) {
        // When its port was closed meanwhile, `at` is gone.
        if (error == boost::asio::error::operation_aborted) return;
        if (port == Port::migration && !migration_) return;
        if (!error) {
            std::thread([this, port, client = std::move(socket)]() mutable {
                try {
                    serve(server_, certificates_, port, std::move(client));
                } catch (const std::exception& wrong) {
                    std::cerr << "a connection ended: " << wrong.what() << std::endl;
                }
            }).detach();
        }
        accept(port, at);
    });
}

}  // namespace lab
