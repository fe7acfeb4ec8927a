/* What the page does beyond its static HTML: it draws the paths, jumps between them and the changes, folds and copies.
   It decides nothing: what keeps a path from being open is a letter in the data. DOM is made of elements and texts only. */
(() => {
  'use strict';
  const byId = id => document.getElementById(id);
  const data = JSON.parse(byId('data').textContent);
  const say = text => { byId('say').textContent = text; };
  const element = (tag, cls, ...kids) => {
    const x = document.createElement(tag);
    if (cls) x.className = cls;
    x.append(...kids);
    return x;
  };
  const drawn = (tag, attributes, ...kids) => {
    const x = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const key in attributes) x.setAttribute(key, attributes[key]);
    x.append(...kids);
    return x;
  };
  const nameTag = text => {
    const x = element('bdi', 'name', text);
    x.dir = 'ltr';
    x.translate = false;
    return x;
  };
  const cut = (text, most) => [...text].length > most ? [...text].slice(0, most - 1).join('') + '…' : text;

  /* Letters of paths: '.' open, '-' the host itself, a to z closed by the first of the conditions and so on, A to Z not known. */
  const isClosed = c => c >= 'a' && c <= 'z';
  const isUnknown = c => c >= 'A' && c <= 'Z';
  const condition = c => data.conditions[c.toLowerCase().charCodeAt(0) - 97];
  const words = c => c === '.' ? 'open' : c === '-' ? 'the host itself' : isClosed(c) ? 'closed by: ' + condition(c) : 'not known: ' + condition(c);

  function paths() {
    const view = byId('view'), grid = byId('grid');
    let at = 0, when = 0, active = [0, 0], size = 0, frame = 0, box = null;
    const cells = new Map(), rows = new Map(), heads = new Map();
    const domain = () => data.domains[at];
    const letter = (i, j, then = when) => domain().rows[then][i][j];
    const host = i => data.names[domain().hosts[i]];
    const count = (d, then) => {
      let open = 0;
      for (const row of d.rows[then]) for (const c of row) if (c === '.') ++open;
      return open;
    };
    const all = d => d.hosts.length * (d.hosts.length - 1);
    const order = data.domains.map((_, i) => i).sort((a, b) => (all(data.domains[b]) - count(data.domains[b], 0)) - (all(data.domains[a]) - count(data.domains[a], 0)) || a - b);
    at = order[0];

    /* Short heads of columns: what hosts do not have in common, or their numbers. */
    let labels = [];
    function shortened() {
      const names = domain().hosts.map(h => data.names[h]);
      const begin = names[0].replace(/\d.*$/, '');
      if (begin && names.every(n => n.startsWith(begin) && n.length > begin.length && n.length - begin.length <= 4)) return names.map(n => n.slice(begin.length));
      return names.map((_, i) => String(i + 1));
    }
    function measure() {
      const n = domain().hosts.length, longest = Math.max(...domain().hosts.map(h => Math.min(24, [...data.names[h]].length)));
      const side = Math.max(78, Math.min(longest * 7.4 + 34, innerWidth < 640 ? 110 : 200));
      if (!size) {
        const touch = matchMedia('(pointer:coarse)').matches || innerWidth < 640;
        size = Math.max(touch ? 28 : 18, Math.min(46, Math.floor((view.parentElement.clientWidth - side - 4) / n)));
      }
      const upright = labels.some(l => l.length * 7 > size - 3), top = upright ? Math.max(...labels.map(l => l.length)) * 7.5 + 12 : 24;
      grid.style.setProperty('--cs', size + 'px');
      grid.style.setProperty('--hw', side + 'px');
      grid.style.setProperty('--hh', top + 'px');
      grid.style.width = side + n * size + 'px';
      grid.style.height = top + n * size + 2 + 'px';
      grid.classList.toggle('few', n <= 16);
      return { n, side, top, upright };
    }
    const role = (x, name, index, axis) => {
      x.setAttribute('role', name);
      if (index) x.setAttribute('aria-' + axis + 'index', index);
      return x;
    };
    function rebuild(keep) {
      labels = shortened();
      box = measure();
      grid.replaceChildren();
      for (const map of [cells, rows, heads]) map.clear();
      grid.setAttribute('aria-rowcount', box.n + 1);
      grid.setAttribute('aria-colcount', box.n + 1);
      if (!keep) active = firstClosed();
      const head = role(element('div', 'hr'), 'row', 1, 'row');
      head.style.width = '100%';
      head.append(role(element('div', 'corner', 'from ↓ to →'), 'columnheader', 1, 'col'));
      grid.append(head);
      rows.set(-1, head);
      heading();
      draw();
    }
    function firstClosed() {
      for (let i = 0; i < box.n; ++i) for (let j = 0; j < box.n; ++j) if (isClosed(letter(i, j, 0))) return [i, j];
      return [0, box.n > 1 ? 1 : 0];
    }
    const opened = (i, j) => when > 0 && letter(i, j) === '.' && letter(i, j, when - 1) !== '.';
    function heading() {
      byId('mxh').replaceChildren(nameTag(cut(domain().name, 40)));
      byId('mxc').textContent = `${count(domain(), when)} of ${all(domain())} open ${data.whens[when].toLowerCase()}`;
      const counts = new Map(), add = key => counts.set(key, (counts.get(key) || 0) + 1);
      for (let i = 0; i < box.n; ++i) for (let j = 0; j < box.n; ++j) {
        const c = letter(i, j);
        if (c !== '-') add(c);
        if (opened(i, j)) add('+');
      }
      const keys = [['.', 'open', 'lg lo']];
      if (when > 0) keys.push(['+', 'opened by this step', 'lg lo ln']);
      for (const c of [...counts.keys()].filter(k => k !== '.' && k !== '+').sort()) keys.push([c, isClosed(c) ? condition(c) : 'not known: ' + condition(c), isClosed(c) ? 'lg lc' : 'lg lu']);
      byId('legend').replaceChildren(...keys.map(([key, text, cls]) => {
        const mark = element('span', cls, isClosed(key) ? key : isUnknown(key) ? '?' : '');
        mark.setAttribute('aria-hidden', 'true');
        return element('li', '', mark, text, element('b', '', String(counts.get(key) || 0)));
      }));
    }
    /* In the document are only the cells that are seen, and the active one. */
    function draw() {
      frame = 0;
      const more = 4, span = (scroll, room, before) => [Math.max(0, Math.floor(scroll / size) - more), Math.min(box.n, Math.ceil((scroll + room - before) / size) + more)];
      const [top, bottom] = span(view.scrollTop, view.clientHeight, box.top), [left, right] = span(view.scrollLeft, view.clientWidth, box.side);
      const seen = (i, j) => i >= top && i < bottom && j >= left && j < right || i === active[0] && j === active[1];
      for (const [k, x] of cells) if (!seen(Math.floor(k / box.n), k % box.n)) { x.remove(); cells.delete(k); }
      for (const [i, x] of rows) if (i >= 0 && (i < top || i >= bottom) && i !== active[0]) { x.remove(); rows.delete(i); }
      for (const [j, x] of heads) if (j < left || j >= right) { x.remove(); heads.delete(j); }
      for (let j = left; j < right; ++j) if (!heads.has(j)) {
        const x = role(element('div', box.upright ? 'ch v' : 'ch', labels[j]), 'columnheader', j + 2, 'col');
        x.setAttribute('aria-label', 'to ' + host(j));
        x.style.left = box.side + j * size + 'px';
        rows.get(-1).append(x);
        heads.set(j, x);
      }
      const wanted = new Set([active[0]]);
      for (let i = top; i < bottom; ++i) wanted.add(i);
      for (const i of [...wanted].sort((a, b) => a - b)) {
        const row = rows.get(i) || addRow(i);
        for (let j = left; j < right; ++j) put(row, i, j);
        if (i === active[0]) put(row, i, active[1]);
      }
      mark();
    }
    function addRow(i) {
      const row = role(element('div'), 'row', i + 2, 'row'), head = role(element('div', 'rh', nameTag(host(i))), 'rowheader', 1, 'col');
      row.style.top = box.top + i * size + 'px';
      row.style.width = '100%';
      head.title = host(i);
      row.append(head);
      const next = [...rows.keys()].filter(k => k > i).sort((a, b) => a - b)[0];
      grid.insertBefore(row, next === undefined ? null : rows.get(next));
      rows.set(i, row);
      return row;
    }
    function put(row, i, j) {
      const k = i * box.n + j;
      if (cells.has(k)) return;
      const x = role(element('div', 'c'), 'gridcell', j + 2, 'col');
      x.style.left = box.side + j * size + 1 + 'px';
      x.dataset.k = k;
      x.tabIndex = i === active[0] && j === active[1] ? 0 : -1;
      paint(x, i, j);
      row.append(x);
      cells.set(k, x);
    }
    function paint(x, i, j) {
      const c = letter(i, j), fresh = opened(i, j), cls = 'c ' + (c === '-' ? 's' : c === '.' ? (fresh ? 'o n' : 'o') : isClosed(c) ? 'x' : 'u');
      const label = (c === '-' ? host(i) + ', ' : `${host(i)} to ${host(j)}: `) + words(c) + (fresh ? ', opened by this step' : '');
      if (x.className.replace(' hov', '') !== cls) x.className = cls;
      x.dataset.g = isClosed(c) ? c : isUnknown(c) ? '?' : '';
      if (x.getAttribute('aria-label') !== label) x.setAttribute('aria-label', label);
    }
    function mark() {
      for (const [i, row] of rows) if (i >= 0) row.firstChild.classList.toggle('hot', i === active[0]);
      for (const [j, head] of heads) head.classList.toggle('hot', j === active[1]);
    }
    function show() {
      for (const [k, x] of cells) paint(x, Math.floor(k / box.n), k % box.n);
      heading();
      pair(...active);
    }
    function go(i, j, focus) {
      const inside = k => Math.max(0, Math.min(box.n - 1, k));
      const before = cells.get(active[0] * box.n + active[1]);
      if (before) before.tabIndex = -1;
      active = [inside(i), inside(j)];
      if (focus) {
        const into = (scroll, place, room) => place < scroll ? place : place + size > scroll + room ? place + size - room + 2 : scroll;
        view.scrollTop = into(view.scrollTop, active[0] * size, view.clientHeight - box.top);
        view.scrollLeft = into(view.scrollLeft, active[1] * size, view.clientWidth - box.side);
      }
      draw();
      const x = cells.get(active[0] * box.n + active[1]);
      x.tabIndex = 0;
      if (focus) x.focus({ preventScroll: true });
      pair(...active);
    }
    /* One path: its state after each phase, and the changes at its two hosts of what the closing condition rests on. */
    function pair(i, j) {
      const inside = byId('pair'), head = byId('pairh');
      inside.replaceChildren();
      head.replaceChildren(nameTag(cut(host(i), 60)));
      if (i === j) { inside.append(element('p', 'more', 'The host itself.')); return; }
      head.append(' → ', nameTag(cut(host(j), 60)));
      const c = letter(i, j), swatch = element('span', 'sw lg ' + (c === '.' ? 'lo' : isClosed(c) ? 'lc' : 'lu'), c === '.' ? '' : isClosed(c) ? c : '?');
      swatch.setAttribute('aria-hidden', 'true');
      inside.append(element('p', 'verd', swatch, words(c)));
      inside.append(element('ol', 'phl', ...data.whens.slice(0, domain().rows.length).map((text, k) => element('li', (letter(i, j, k) === '.' ? 'o' : '') + (k === when ? ' cur' : ''), element('b', '', text), element('span', '', words(letter(i, j, k)))))));
      if (c === '.') return;
      const rests = data.rests_on[c.toLowerCase().charCodeAt(0) - 97], ends = [domain().hosts[i], domain().hosts[j]];
      const found = data.changes.filter(one => rests.includes(one.setting) && one.hosts.some(h => ends.includes(h)));
      if (!data.whens[1]) inside.append(element('p', 'more', 'All reasons: fairway explain FROM TO'));
      else inside.append(element('p', 'more', found.length ? 'Changes at these hosts that it may depend on:' : 'The plan changes nothing at these hosts that it depends on.'));
      inside.append(element('ul', 'links', ...found.map(one => {
        const link = element('a', '', `${one.setting}, ${one.phase}`);
        link.href = '#' + one.id;
        return element('li', '', link);
      })));
    }
    grid.addEventListener('keydown', e => {
      if (!e.target.dataset.k) return;
      const [i, j] = active, last = box.n - 1, page = Math.max(1, Math.floor(view.clientHeight / size) - 2), whole = e.ctrlKey || e.metaKey;
      const to = { ArrowUp: [i - 1, j], ArrowDown: [i + 1, j], ArrowLeft: [i, j - 1], ArrowRight: [i, j + 1], Home: [whole ? 0 : i, 0], End: [whole ? last : i, last], PageUp: [i - page, j], PageDown: [i + page, j] }[e.key];
      if (to) { e.preventDefault(); go(to[0], to[1], true); }
      else if (e.key === 'Enter' || e.key === ' ') {
        e.preventDefault();
        const link = byId('pair').querySelector('a');
        if (link) link.click();
      }
    });
    const place = x => [Math.floor(x.dataset.k / box.n), x.dataset.k % box.n];
    let over = null;
    const leave = () => { if (over) over.classList.remove('hov'); over = null; };
    grid.addEventListener('pointerover', e => {
      const x = e.target.closest('.c');
      leave();
      if (!x) return;
      over = x;
      x.classList.add('hov');
      pair(...place(x));
    });
    view.addEventListener('pointerleave', () => { leave(); pair(...active); });
    grid.addEventListener('click', e => { const x = e.target.closest('.c'); if (x) go(...place(x), true); });
    view.addEventListener('scroll', () => { frame = frame || requestAnimationFrame(draw); }, { passive: true });
    const zoom = by => { size = Math.max(12, Math.min(56, Math.round(size * by))); rebuild(true); };
    byId('zi').addEventListener('click', () => zoom(1.3));
    byId('zo').addEventListener('click', () => zoom(1 / 1.3));
    let width = innerWidth;
    addEventListener('resize', () => { if (innerWidth !== width) { width = innerWidth; size = 0; rebuild(true); } });
    for (const radio of document.querySelectorAll('input[name=phase]')) radio.addEventListener('change', () => { when = +radio.value; show(); thumbs(); });

    /* One small picture for each domain, painted when it comes into view: a pixel for each path. */
    const tiles = new Map();
    let inks = null;
    function ink() {
      const style = getComputedStyle(document.documentElement);
      return ['--open', '--cl-bg', '--self', '--b-me'].map(key => {
        const c = element('canvas').getContext('2d');
        c.fillStyle = style.getPropertyValue(key).trim();
        c.fillRect(0, 0, 1, 1);
        return new Uint32Array(c.getImageData(0, 0, 1, 1).data.buffer)[0];
      });
    }
    function thumb(i) {
      const t = tiles.get(i), d = data.domains[i], n = d.hosts.length;
      if (t.when === when) return;
      t.when = when;
      t.canvas.width = t.canvas.height = n;
      inks = inks || ink();
      const image = new ImageData(n, n), pixels = new Uint32Array(image.data.buffer);
      d.rows[when].forEach((row, y) => { for (let x = 0; x < n; ++x) pixels[y * n + x] = inks[row[x] === '.' ? 0 : row[x] === '-' ? 2 : isClosed(row[x]) ? 1 : 3]; });
      t.canvas.getContext('2d').putImageData(image, 0, 0);
      t.text.textContent = `${count(d, when)} of ${all(d)} open`;
    }
    function thumbs() { for (const [i, t] of tiles) if (t.seen) thumb(i); }
    function choose(i) {
      if (i !== at) { at = i; size = 0; rebuild(); pair(...active); }
      for (const [k, t] of tiles) t.button.setAttribute('aria-pressed', k === at);
    }
    byId('picture').hidden = false;
    if (data.domains.length > 1) {
      byId('overview').hidden = false;
      const watch = new IntersectionObserver(all => all.forEach(e => { const i = +e.target.dataset.i, t = tiles.get(i); t.seen = e.isIntersecting; if (t.seen) thumb(i); }));
      for (const i of order) {
        const canvas = element('canvas'), text = element('span', 'tc'), button = element('button', '', canvas, element('span', '', element('span', 'tn', nameTag(data.domains[i].name)), text));
        canvas.setAttribute('aria-hidden', 'true');
        button.type = 'button';
        button.dataset.i = i;
        text.textContent = `${count(data.domains[i], 0)} of ${all(data.domains[i])} open`;
        button.addEventListener('click', () => choose(i));
        tiles.set(i, { button, canvas, text });
        byId('tiles').append(button);
        watch.observe(button);
      }
    }
    matchMedia('(prefers-color-scheme:dark)').addEventListener('change', () => { inks = null; for (const t of tiles.values()) t.when = -1; thumbs(); });

    /* From one host to another by their names. */
    const where = new Map();
    data.domains.forEach((d, k) => d.hosts.forEach((h, i) => { const key = data.names[h].toLowerCase(); where.set(key, (where.get(key) || []).concat([[k, i]])); }));
    byId('ff').addEventListener('focus', () => { if (!byId('hl').firstChild) for (const name of data.names) { const x = element('option'); x.value = name; byId('hl').append(x); } });
    byId('find').addEventListener('submit', e => {
      e.preventDefault();
      const ends = ['ff', 'ft'].map(id => byId(id).value.trim()), found = ends.map(name => where.get(name.toLowerCase()));
      const tell = text => { say(text); byId('mxc').textContent = text; };
      if (!found[0] || !found[1]) return tell('No such host: ' + (found[0] ? ends[1] : ends[0]));
      for (const [k, i] of found[0]) for (const [l, j] of found[1]) if (k === l) { choose(k); heading(); return go(i, j, true); }
      tell('They are in different migration domains, so no path is looked at.');
    });

    /* On paper: every domain now and at the end, up to six of them. */
    addEventListener('beforeprint', () => {
      const paper = byId('pprint');
      if (paper.firstChild || data.domains.length > 6) return;
      const last = data.domains[0].rows.length - 1;
      for (const d of data.domains) for (const then of last ? [0, last] : [0]) {
        const n = d.hosts.length, c = Math.min(14, 250 / n), picture = drawn('svg', { width: n * c + 64, height: n * c, viewBox: `-64 0 ${n * c + 64} ${n * c}` });
        d.rows[then].forEach((row, i) => {
          picture.append(drawn('text', { class: 'l', x: -4, y: i * c + c * .68 }, cut(data.names[d.hosts[i]], 14)));
          [...row].forEach((letter, j) => {
            if (letter === '-') return;
            picture.append(drawn('rect', { class: letter === '.' ? 'o' : 'x', x: j * c + .8, y: i * c + .8, width: c - 1.6, height: c - 1.6, rx: 1 }));
            if (letter !== '.' && c > 7) picture.append(drawn('text', { x: j * c + c / 2, y: i * c + c * .68 }, isClosed(letter) ? letter : '?'));
          });
        });
        paper.append(element('figure', '', element('figcaption', '', nameTag(d.name), ` ${data.whens[then].toLowerCase()}: ${count(d, then)} of ${all(d)} open`), picture));
      }
      const used = [...new Set(data.domains.flatMap(d => d.rows.flat()).join(''))].filter(isClosed).sort();
      paper.prepend(element('p', '', 'A VM moves from the host of the row to the host of the column; both are in the same order. Blue: open. ' + used.map(c => c + ' ' + condition(c)).join(', ')));
    });

    rebuild();
    pair(...active);
    choose(at);
  }
  if (data) paths();

  /* Fold-outs, copies, and where one is. */
  const folds = [...document.querySelectorAll('.chg')], section = byId('changes');
  if (folds.length > 1) {
    const button = element('button', '', 'Unfold all');
    button.type = 'button';
    button.id = 'openall';
    button.setAttribute('aria-pressed', 'false');
    button.addEventListener('click', () => {
      const open = button.getAttribute('aria-pressed') !== 'true';
      for (const fold of folds) fold.open = open;
      button.setAttribute('aria-pressed', open);
      button.textContent = open ? 'Fold all' : 'Unfold all';
    });
    section.querySelector('.sh').append(button);
  }
  /* Only the rows with a host or an account whose name has these letters, and what is drawn of these. */
  function filter(table, id, cells) {
    if (!table || table.tBodies[0].rows.length < 3) return;
    const input = element('input'), label = element('label', 'filter', 'Only those named ', input), section = table.closest('section[id]');
    const graph = section.querySelector('.graph svg');
    input.id = id;
    input.type = 'search';
    input.spellcheck = false;
    input.addEventListener('input', () => {
      const wanted = input.value.trim().toLowerCase(), has = text => text.toLowerCase().includes(wanted);
      let shown = 0;
      for (const row of table.tBodies[0].rows) {
        row.hidden = wanted !== '' && ![...cells(row).querySelectorAll('bdi')].some(x => has(x.textContent));
        shown += row.hidden ? 0 : 1;
      }
      if (graph) {
        const nodes = [...graph.querySelectorAll('[data-n]')], named = new Set(nodes.filter(x => has(x.lastChild.textContent)).map(x => x.dataset.n)), seen = new Set(named);
        for (const line of graph.querySelectorAll('path')) {
          const { l, r } = line.dataset, on = named.has(l) || named.has(r);
          line.classList.toggle('off', !on);
          if (on) seen.add(l).add(r);
        }
        for (const node of nodes) node.classList.toggle('off', !seen.has(node.dataset.n));
      }
      say(`${shown} of ${table.tBodies[0].rows.length} rows are shown`);
    });
    section.querySelector('.sh').append(label);
  }
  filter(document.querySelector('table.side'), 'filter', row => row.cells[0]);
  filter(document.querySelector('table.who-at'), 'whofilter', row => row);
  const target = () => {
    const x = location.hash.length > 1 && byId(location.hash.slice(1));
    if (x && x.classList.contains('chg')) { x.open = true; x.querySelector('summary').focus(); }
  };
  addEventListener('hashchange', target);
  document.addEventListener('click', e => {
    const button = e.target.closest('.copy');
    if (!button) return;
    const command = button.parentElement.querySelector('pre');
    const done = word => { button.textContent = word; say(word); setTimeout(() => { button.textContent = 'Copy'; }, 1600); };
    const select = () => { getSelection().selectAllChildren(command); done('Selected'); };
    if (navigator.clipboard) navigator.clipboard.writeText(command.textContent).then(() => done('Copied'), select);
    else select();
  });
  const links = new Map([...document.querySelectorAll('.rail a')].map(a => [a.hash.slice(1), a]));
  let due = 0;
  const follow = () => {
    due = 0;
    let now = '';
    for (const id of links.keys()) if (byId(id).getBoundingClientRect().top < innerHeight * .35) now = id;
    for (const [id, a] of links) id === now ? a.setAttribute('aria-current', 'location') : a.removeAttribute('aria-current');
  };
  addEventListener('scroll', () => { due = due || requestAnimationFrame(follow); }, { passive: true });
  follow();
  target();
  performance.mark('ready');
})();
