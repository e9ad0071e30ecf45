/* Hide this page, keep what was typed when the line drops, and look away on a shared device.
   Written for old telephones. Every page works without it. */
(function () {
  'use strict';
  var doc = document, root = doc.documentElement, body = doc.body;
  var away = body.getAttribute('data-hide');

  function blank() {
    root.className = 'gone';
    doc.title = '\u00a0';
    body.innerHTML = '';
  }
  function hide() {
    blank();
    window.location.replace(away);
  }
  if (away) {
    var pressed = [];
    doc.addEventListener('keyup', function (event) {
      if (event.key !== 'Shift' && event.keyCode !== 16) { pressed = []; return; }
      var now = new Date().getTime();
      pressed.push(now);
      pressed = pressed.filter(function (one) { return now - one < 5000; });
      if (pressed.length >= 3) { hide(); }
    });
    doc.addEventListener('click', function (event) {
      var one = event.target;
      while (one && one !== doc) {
        if (one.hasAttribute && one.hasAttribute('data-hides')) {
          event.preventDefault();
          hide();
          return;
        }
        one = one.parentNode;
      }
    });
  }
  // A page that the browser kept is asked for anew: the session may be over.
  window.addEventListener('pageshow', function (event) {
    if (event.persisted) { blank(); window.location.reload(); }
  });

  var first = doc.querySelector('[data-first]');
  if (first) { first.focus(); }

  // Sent by the script, so that a page whose line is down stays as it is.
  function sends(form) {
    var button = null, busy = false;
    form.addEventListener('click', function (event) {
      var one = event.target;
      while (one && one !== form && one.tagName !== 'BUTTON') { one = one.parentNode; }
      if (one && one.tagName === 'BUTTON') { button = one; }
    });
    form.addEventListener('submit', function (event) {
      event.preventDefault();
      if (busy) { return; }
      busy = true;
      post(form, fields(form, button), function (to) {
        if (to) { window.location.href = to; return; }
        // The page has something to say: sent once more, the plain way. That changes nothing.
        plainly(form, button);
      }, function () {
        busy = false;
        notSaved(form);
      });
    });
  }
  function fields(form, button) {
    var parts = [], all = form.elements, i, one;
    if (!button || button.form !== form) { button = form.querySelector('button'); }
    for (i = 0; i < all.length; i += 1) {
      one = all[i];
      if (!one.name || one.disabled || one.tagName === 'BUTTON') { continue; }
      if ((one.type === 'radio' || one.type === 'checkbox') && !one.checked) { continue; }
      parts.push(encodeURIComponent(one.name) + '=' + encodeURIComponent(one.value));
    }
    if (button && button.name) {
      parts.push(encodeURIComponent(button.name) + '=' + encodeURIComponent(button.value));
    }
    return parts.join('&');
  }
  function post(form, text, then, failed) {
    var asks = new XMLHttpRequest();
    asks.open('POST', form.getAttribute('action') || window.location.href);
    asks.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
    asks.setRequestHeader('X-Doing', '1');
    asks.timeout = 30000;
    asks.onload = function () {
      var to = '';
      if (asks.status >= 500) { failed(); return; }
      try { to = JSON.parse(asks.responseText).to || ''; } catch (ignored) { to = ''; }
      then(to);
    };
    asks.onerror = asks.ontimeout = failed;
    asks.send(text);
  }
  function plainly(form, button) {
    if (button && button.name) {
      var kept = doc.createElement('input');
      kept.type = 'hidden';
      kept.name = button.name;
      kept.value = button.value;
      form.appendChild(kept);
    }
    form.submit();
  }
  function notSaved(form) {
    var note = form.querySelector('.offline');
    if (note) { note.parentNode.removeChild(note); }
    note = doc.createElement('p');
    note.className = 'offline';
    note.setAttribute('role', 'alert');
    note.appendChild(doc.createTextNode(body.getAttribute('data-offline')));
    form.appendChild(note);
  }
  var forms = doc.querySelectorAll('form[data-sends]');
  for (var i = 0; i < forms.length; i += 1) { sends(forms[i]); }

  // A shared device: covered after a while, left after a longer one, with a warning between.
  var times = body.getAttribute('data-idle'), cover = doc.getElementById('cover');
  if (times && cover) {
    var first_after = Number(times.split(',')[0]) * 1000;
    var left_after = Number(times.split(',')[1]) * 1000;
    var touched = new Date().getTime(), before = null;
    var touch = function () { if (cover.hidden) { touched = new Date().getTime(); } };
    ['keydown', 'click', 'input', 'touchstart', 'scroll'].forEach(function (name) {
      doc.addEventListener(name, touch, true);
    });
    cover.querySelector('button').addEventListener('click', function () {
      cover.hidden = true;
      touched = new Date().getTime();
      if (before && before.focus) { before.focus(); }
    });
    cover.addEventListener('keydown', function (event) {
      if (event.keyCode === 9) { event.preventDefault(); }
    });
    window.setInterval(function () {
      var idle = new Date().getTime() - touched;
      if (idle >= left_after) {
        touched = new Date().getTime();
        leave();
      } else if (idle >= first_after && cover.hidden) {
        before = doc.activeElement;
        cover.hidden = false;
        cover.querySelector('button').focus();
      }
    }, 1000);
  }
  function leave() {
    var form = doc.querySelector('form[data-sends]');
    var to = cover.getAttribute('data-left');
    var go = function () { window.location.replace(to); };
    if (!form) { go(); return; }
    post(form, fields(form, { form: form, name: 'go', value: 'leave' }), go, go);
  }
}());
