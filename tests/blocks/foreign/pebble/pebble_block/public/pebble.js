function Pebble(runtime, element, args) { element.dataset.started = args.colour; }
