/* The browser half of the block machine; loaded only on pages with a block from elsewhere. */
(function () {
  "use strict";

  const initialised = new WeakMap();
  const unsafe = /^(POST|PUT|PATCH|DELETE)$/i;

  function token() {
    const meta = document.querySelector('meta[name="csrf-token"]');
    return meta ? meta.content : "";
  }

  function isOurs(url) {
    return new URL(url, location.href).origin === location.origin;
  }

  /* Scripts of strangers use jQuery, fetch or XMLHttpRequest; the two below cover all three. */
  const open = XMLHttpRequest.prototype.open;
  const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.open = function (method, url) {
    this.mtdGuarded = unsafe.test(method) && isOurs(url);
    return open.apply(this, arguments);
  };
  XMLHttpRequest.prototype.send = function () {
    if (this.mtdGuarded && token()) { this.setRequestHeader("X-CSRFToken", token()); }
    return send.apply(this, arguments);
  };
  const fetchBefore = window.fetch;
  window.fetch = function (input, init) {
    const request = new Request(input, init);
    if (unsafe.test(request.method) && isOurs(request.url) && token()) {
      request.headers.set("X-CSRFToken", token());
    }
    return fetchBefore.call(window, request);
  };

  /* What older blocks expect to find on any page. */
  window.gettext = window.gettext || function (text) { return text; };
  window.ngettext = window.ngettext || function (one, many, n) { return n === 1 ? one : many; };
  window.interpolate = window.interpolate || function (text, values, named) {
    let at = 0;
    return named
      ? text.replace(/%\(\w+\)s/g, function (found) { return String(values[found.slice(2, -2)]); })
      : text.replace(/%s/g, function () { return String(values[at++]); });
  };
  window.Logger = window.Logger || { log: function () {}, listen: function () {} };

  function raw(element) {
    return element && element.jquery ? element[0] : element;
  }

  function nearest(element) {
    return raw(element).closest("[data-handler-base]");
  }

  function childElements(element) {
    return Array.from(element.querySelectorAll(".xblock")).filter(function (below) {
      return below.parentElement.closest(".xblock") === element;
    });
  }

  const listeners = new WeakMap();

  const runtime = {
    handlerUrl: function (element, name, suffix, query) {
      const base = nearest(element).dataset.handlerBase.replace(/\/$/, "");
      let url = base + "/" + encodeURIComponent(name);
      if (suffix) { url += "/" + suffix; }
      if (query) { url += "?" + query; }
      return url;
    },
    children: function (element) {
      return childElements(raw(element)).map(function (below) { return initialised.get(below); })
        .filter(Boolean);
    },
    childMap: function (element, name) {
      return runtime.children(element).find(function (child) { return child.name === name; });
    },
    notify: function (name, data) {
      document.dispatchEvent(new CustomEvent("xblock." + name, { detail: data }));
    },
    listenTo: function (name, callback) {
      const wrapped = function (event) { callback(event.detail); };
      listeners.set(callback, wrapped);
      document.addEventListener("xblock." + name, wrapped);
    }
  };

  function argumentsOf(element) {
    const scripts = Array.from(element.children).filter(function (child) {
      return child.matches("script.xblock_json_init_args");
    });
    return scripts.length ? JSON.parse(scripts[scripts.length - 1].textContent) : undefined;
  }

  function start(element) {
    if (initialised.has(element)) { return; }
    childElements(element).forEach(start);
    const name = element.dataset.init;
    let block = {};
    if (name) {
      try {
        if (typeof window[name] !== "function") { throw new Error(name + " is not on the page"); }
        /* Always with `new`, always a plain element: both are what blocks rely on. */
        block = new window[name](runtime, element, argumentsOf(element)) || {};
      } catch (error) {
        /* One block that fails must not stop the others. */
        console.error("Block " + element.dataset.usage + " did not start", error);
      }
    }
    block.element = element;
    block.name = element.dataset.name;
    block.type = element.dataset.blockType;
    initialised.set(element, block);
    element.dataset.initialised = "yes";
    if (window.jQuery) {
      window.jQuery(element).data("initialized", true)
        .prop("xblock_children", runtime.children(element));
    }
  }

  function startAll() {
    document.querySelectorAll(".xblock").forEach(start);
  }

  window.XBlock = { runtime: runtime, initializeBlock: start, initializeBlocks: startAll };
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", startAll);
  } else {
    startAll();
  }
}());
